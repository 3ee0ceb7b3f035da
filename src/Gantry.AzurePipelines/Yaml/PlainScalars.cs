using System.Text.RegularExpressions;

namespace Gantry.AzurePipelines.Yaml;

/// <summary>Recognizes unquoted text that YAML readers take for something other than a string.</summary>
/// <remarks>
/// The service itself keeps the text of every scalar, but editors, linters and language servers follow YAML 1.1 or the core schema of YAML
/// 1.2, where <c>on</c>, <c>1.10</c>, <c>0x1f</c>, <c>12:30</c> and <c>2024-01-01</c> are not strings.
/// </remarks>
internal static partial class PlainScalars
{
    public static bool ReadAsString(string text) => !OtherType().IsMatch(text);

    [GeneratedRegex(
        """
        \A(
            ~ | null | true | false | yes | no | on | off | y | n
          | [-+]? ( [0-9][0-9_]* ) ( \. [0-9_]* )? ( e [-+]? [0-9]+ )?
          | [-+]? \. [0-9_]+ ( e [-+]? [0-9]+ )?
          | [-+]? 0 [box] [0-9a-f_]+
          | [-+]? [0-9][0-9_]* ( : [0-5]?[0-9] )+ ( \. [0-9_]* )?
          | [-+]? \. inf | \. nan
          | [0-9]{4} - [0-9]{1,2} - [0-9]{1,2} .*
          | = | <<
        )\z
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant
            | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex OtherType();
}
