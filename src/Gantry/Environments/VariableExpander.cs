using System.Text.RegularExpressions;

namespace Gantry.Environments;

/// <summary>
/// Expands environment variables in texts of a declaration, in the syntax of Azure Pipelines: <c>$(PROD_WEBHOOK_URL)</c>,
/// <c>$(System.AccessToken)</c>. Their values are secrets.
/// </summary>
internal static partial class VariableExpander
{
    /// <summary>Finds the names of the variables in texts.</summary>
    public static IEnumerable<string> FindNames(IEnumerable<string> texts) =>
        texts.SelectMany(text => Variable().Matches(text)).Select(match => match.Groups["name"].Value).Distinct();

    /// <summary>Returns true when a text contains variables.</summary>
    public static bool HasVariables(string text) => Variable().IsMatch(text);

    /// <summary>Replaces the variables of a text by placeholders, to validate the rest.</summary>
    public static string ExpandWithPlaceholders(string text) => Variable().Replace(text, "x");

    /// <summary>Replaces the variables of a text by their values; throws <c>GAN4073</c> when one is not set.</summary>
    public static string Expand(string text, string what, Func<string, string?> variable) => Variable().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        return Find(name, variable) ?? throw EnvironmentErrors.VariableMissing(name, what);
    });

    /// <summary>Finds the first of these variables that is not set; null when all are.</summary>
    public static string? FindMissing(IEnumerable<string> names, Func<string, string?> variable) =>
        names.FirstOrDefault(name => Find(name, variable) is null);

    // A build agent passes a variable to a program in upper case, with '_' for '.'. An undefined variable stays as it is in the text.
    private static string? Find(string name, Func<string, string?> variable) =>
        new[] { name, name.ToUpperInvariant().Replace('.', '_') }
            .Select(variable)
            .FirstOrDefault(value => value is { Length: > 0 } && value != $"$({name})");

    [GeneratedRegex(
        @"\$\((?<name>[A-Za-z_][A-Za-z0-9_.-]*)\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
