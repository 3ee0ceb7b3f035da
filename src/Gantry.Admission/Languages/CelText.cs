using System.Globalization;
using System.Text;

namespace Gantry.Admission.Languages;

/// <summary>Literals of the Common Expression Language, which Kyverno's policies of images use.</summary>
/// <seealso href="https://github.com/google/cel-spec/blob/v0.24.0/doc/langdef.md#string-and-bytes-values">CEL, string values</seealso>
internal static class CelText
{
    /// <summary>Returns a string literal. Everything but printable ASCII is escaped.</summary>
    public static string Of(string text)
    {
        var literal = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\'' or '\\' => literal.Append('\\').Append((char)rune.Value),
                >= ' ' and <= '~' => literal.Append((char)rune.Value),
                _ => literal.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
            };
        }

        return literal.Append('\'').ToString();
    }

    /// <summary>Returns a list of string literals, one a line.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="indentation">The spaces before the closing bracket.</param>
    public static string ListOf(IEnumerable<string> texts, string indentation) =>
        $"[\n{string.Join(",\n", texts.Select(text => $"{indentation}  {Of(text)}"))}\n{indentation}]";
}
