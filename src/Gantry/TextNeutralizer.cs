using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gantry;

/// <summary>Makes visible what a terminal, an agent or a reader's eyes would act on.</summary>
internal static class TextNeutralizer
{
    private static readonly SearchValues<char> s_nameOfCommand =
        SearchValues.Create("-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdefABCDEF");

    public static string Neutralize(string text)
    {
        StringBuilder? result = null;
        var unchanged = 0;
        for (var at = 0; at < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isWhole ? rune.Utf16SequenceLength : 1;
            var shown = (isWhole && !IsActive(rune)) ? null : Escape(isWhole ? rune.Value : text[at]);
            if (shown is null && StartsCommand(text, at))
                shown = $" {text[at]}";
            if (shown is not null)
            {
                (result ??= new StringBuilder()).Append(text, unchanged, at - unchanged).Append(shown);
                unchanged = at + length;
            }

            at += length;
        }

        return result is null ? text : result.Append(text, unchanged, text.Length - unchanged).ToString();
    }

    private static string Escape(int value) => value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{{{value:x}}}"),
    };

    // Format characters are invisible, and some of them reverse what follows.
    private static bool IsActive(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format => true,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        _ => IsInvisible(rune.Value),
    };

    /// <summary>True for invisible characters of other categories: fillers, variation selectors and what is reserved for such.</summary>
    /// <seealso href="https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point">
    /// Unicode Standard Annex 44, Default_Ignorable_Code_Point
    /// </seealso>
    private static bool IsInvisible(int value) => value switch
    {
        0x034F or 0x3164 or 0xFFA0 => true,
        >= 0x115F and <= 0x1160 => true,
        >= 0x17B4 and <= 0x17B5 => true,
        >= 0x180B and <= 0x180F => true,
        >= 0x2060 and <= 0x206F => true,
        >= 0xFE00 and <= 0xFE0F => true,
        >= 0xFFF0 and <= 0xFFF8 => true,
        >= 0xE0000 and <= 0xE0FFF => true,
        _ => false,
    };

    /// <summary>
    /// True for the second character of a beginning that agents look for: <c>##</c> of Azure Pipelines and TeamCity, anywhere in a line,
    /// and <c>::name</c> of GitHub. IPv6 addresses have two colons, too.
    /// </summary>
    private static bool StartsCommand(string text, int at)
    {
        if (at == 0 || text[at] is not ('#' or ':') || text[at - 1] != text[at])
            return false;
        if (text[at] == '#')
            return true;

        var rest = text.AsSpan(at + 1);
        var end = rest.IndexOfAnyExcept(s_nameOfCommand);
        var name = end < 0 ? rest : rest[..end];
        return name.Length > 0 && (name.ContainsAnyExcept(s_hex) || rest[name.Length..].StartsWith("::"));
    }
}
