using System.Text.RegularExpressions;

namespace Gantry.Admission.Languages;

/// <summary>Patterns in which <c>*</c> matches any text, in the forms that engines have for them.</summary>
internal static class WildcardPattern
{
    /// <summary>Returns the regular expression (RE2) of a pattern, from the beginning of a text to its end.</summary>
    public static string ToRegex(string pattern) => $"^{string.Join(".*", pattern.Split('*').Select(Regex.Escape))}$";

    /// <summary>Returns the glob of policy-controller, whose single <c>*</c> stops at a '/'.</summary>
    public static string ToPolicyControllerGlob(string pattern) =>
        string.Join("**", pattern.Split('*', StringSplitOptions.None)).Replace("****", "**", StringComparison.Ordinal);
}
