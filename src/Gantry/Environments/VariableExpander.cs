using System.Text.RegularExpressions;

namespace Gantry.Environments;

/// <summary>
/// Texts of a declaration that name variables of the environment, as Azure Pipelines writes them: <c>$(PROD_WEBHOOK_URL)</c>,
/// <c>$(System.AccessToken)</c>. What they stand for is a secret.
/// </summary>
internal static partial class VariableExpander
{
    /// <summary>The variables that texts name.</summary>
    public static IEnumerable<string> FindNames(IEnumerable<string> texts) =>
        texts.SelectMany(text => Variable().Matches(text)).Select(match => match.Groups["name"].Value).Distinct();

    /// <summary>Whether a text names variables.</summary>
    public static bool HasVariables(string text) => Variable().IsMatch(text);

    /// <summary>The text with something in place of its variables, to see whether the rest is right.</summary>
    public static string ExpandWithPlaceholders(string text) => Variable().Replace(text, "x");

    /// <summary>The text with the values of its variables, or <c>GAN4073</c>.</summary>
    public static string Expand(string text, string what, Func<string, string?> variable) => Variable().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        return Find(name, variable) ?? throw EnvironmentErrors.VariableMissing(name, what);
    });

    /// <summary>The first variable that a text names and nobody has set; null when there is none.</summary>
    public static string? FindMissing(IEnumerable<string> names, Func<string, string?> variable) =>
        names.FirstOrDefault(name => Find(name, variable) is null);

    // An agent hands a variable to a program in upper case, with '_' for '.'. Where it has none of that name, it leaves the text as it was.
    private static string? Find(string name, Func<string, string?> variable) =>
        new[] { name, name.ToUpperInvariant().Replace('.', '_') }
            .Select(variable)
            .FirstOrDefault(value => value is { Length: > 0 } && value != $"$({name})");

    [GeneratedRegex(@"\$\((?<name>[A-Za-z_][A-Za-z0-9_.-]*)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
