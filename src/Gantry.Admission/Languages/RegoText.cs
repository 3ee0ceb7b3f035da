using System.Globalization;
using System.Text;

namespace Gantry.Admission.Languages;

/// <summary>Literals of Rego, the language of the Open Policy Agent. Its strings are those of JSON.</summary>
internal static class RegoText
{
    /// <summary>Returns a string literal. Everything but printable ASCII is escaped.</summary>
    public static string Of(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' or '\\' => literal.Append('\\').Append(unit),
                >= ' ' and <= '~' => literal.Append(unit),
                _ => literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
            };
        }

        return literal.Append('"').ToString();
    }
}
