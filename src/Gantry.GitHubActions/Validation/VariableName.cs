namespace Gantry.GitHubActions.Validation;

/// <summary>The names of variables and secrets, which GitHub limits.</summary>
internal static class VariableName
{
    /// <summary>True for a name that GitHub takes for a variable or secret.</summary>
    public static bool IsValid(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && !name.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase);
}
