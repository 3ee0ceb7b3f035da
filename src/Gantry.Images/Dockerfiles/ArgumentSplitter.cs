using System.Text;
using System.Text.Json;

namespace Gantry.Images.Dockerfiles;

/// <summary>
/// Splits the text after a keyword into flags, words and JSON arrays. Quotes and variables stay in the words for
/// <see cref="WordExpander"/>.
/// </summary>
internal static class ArgumentSplitter
{
    /// <summary>Separates the leading <c>--flag</c> words; resolves their quotes and escapes.</summary>
    public static (IReadOnlyList<string> Flags, string Arguments) TakeFlags(string text, char escape)
    {
        var flags = new List<string>();
        var position = 0;
        while (true)
        {
            var start = SkipBlank(text, position);
            if (!text.AsSpan(start).StartsWith("--"))
                return (flags, text[start..].Trim());

            var flag = ReadWord(text, start, escape, keepQuoting: false, out position);
            if (flag == "--")
                return (flags, text[position..].Trim());
            flags.Add(flag!);
        }
    }

    /// <summary>Splits text into words at blanks outside of quotes; keeps quotes and escapes.</summary>
    public static IReadOnlyList<string> QuotedWords(string text, char escape)
    {
        var words = new List<string>();
        for (var position = SkipBlank(text, 0); position < text.Length; position = SkipBlank(text, position))
        {
            if (ReadWord(text, position, escape, keepQuoting: true, out position) is { } word)
                words.Add(word);
        }

        return words;
    }

    /// <summary>Splits text into words at blanks, regardless of quotes.</summary>
    public static IReadOnlyList<string> PlainWords(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Parses a JSON array of strings; returns null when the text is none, which Docker then takes as a shell command or as words.
    /// </summary>
    public static IReadOnlyList<string>? JsonStrings(string text, SourceLine location)
    {
        if (!text.StartsWith('['))
            return null;

        try
        {
            using var document = JsonDocument.Parse(text);
            var strings = new List<string>();
            foreach (var element in document.RootElement.EnumerateArray())
            {
                if (element.ValueKind != JsonValueKind.String)
                    throw DockerfileErrors.DockerfileSyntax(
                        location, $"the JSON array holds {element.GetRawText()}, which is not a string");
                strings.Add(element.GetString()!);
            }

            return strings;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int SkipBlank(string text, int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
        return position;
    }

    // One word, up to a blank that is neither quoted nor escaped. Null for a word that is empty after all.
    private static string? ReadWord(string text, int start, char escape, bool keepQuoting, out int end)
    {
        var word = new StringBuilder();
        var quote = '\0';
        var quoted = false;
        var position = start;
        for (; position < text.Length; position++)
        {
            var character = text[position];
            if (quote == '\0' && char.IsWhiteSpace(character))
                break;

            var isQuote = quote == '\0' ? character is '\'' or '"' : character == quote;
            // Nothing can be escaped between single quotes; Docker's reader of flags is the exception.
            var isEscape = character == escape && (quote != '\'' || !keepQuoting);
            if (isQuote)
            {
                quote = quote == '\0' ? character : '\0';
                quoted = true;
                if (keepQuoting)
                    word.Append(character);
            }
            else if (isEscape)
            {
                if (position + 1 == text.Length)
                    continue;
                if (keepQuoting)
                    word.Append(character);
                word.Append(text[++position]);
            }
            else
            {
                word.Append(character);
            }
        }

        end = position;
        return quoted || word.Length > 0 ? word.ToString() : null;
    }
}
