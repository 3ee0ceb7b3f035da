using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gantry.Syncing;

/// <summary>The templates of regsync that fetch a secret: <c>{{env "HUB_USER"}}</c>, <c>{{ file "/run/secrets/hub" }}</c>.</summary>
internal static partial class RegsyncTemplate
{
    /// <summary>Returns true when a text is such a template, and nothing else.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? function, [NotNullWhen(true)] out string? argument)
    {
        var match = Pattern().Match(text);
        (function, argument) = match.Success ? (match.Groups["function"].Value, match.Groups["argument"].Value) : (null, null);
        return match.Success;
    }

    [GeneratedRegex(
        """\A\{\{-?\s*(?<function>env|file)\s+"(?<argument>[^"\\]+)"\s*-?\}\}\z""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
