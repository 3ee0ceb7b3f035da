using System.Text;

namespace Gantry.Signing;

/// <summary>A program that signs (<see cref="CommandSigner"/>), with its arguments: there is no shell.</summary>
public sealed record CommandKeyReference : SigningKeyReference
{
    private const string Prefix = "command:";

    private CommandKeyReference(string program, IReadOnlyList<string> arguments)
    {
        Program = program;
        Arguments = arguments;
    }

    /// <summary>The name of the program on the PATH, or its path, which is absolute or relative to the root of the repository.</summary>
    public string Program { get; }

    /// <summary>The arguments before the one that names the action.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <inheritdoc/>
    public override string Text => Prefix + string.Join(' ', Arguments.Prepend(Program).Select(Quote));

    /// <summary>
    /// Parses <c>command:PROGRAM ARG…</c>. White space separates arguments, except for what is between <c>'</c> and <c>'</c> or between
    /// <c>"</c> and <c>"</c>. No other character has a meaning, so that paths of Windows stay as they are. Throws <c>GAN4240</c>.
    /// </summary>
    /// <param name="text">The text of the declaration.</param>
    public static new CommandKeyReference Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            throw SigningErrors.NotAReference(text, "it is not a command");
        var words = Split(text[Prefix.Length..]) ?? throw SigningErrors.NotAReference(text, "a quotation mark is missing in the command");
        return words is [{ Length: > 0 } program, .. var arguments]
            ? new CommandKeyReference(program, arguments)
            : throw SigningErrors.NotAReference(text, "the command names no program");
    }

    /// <inheritdoc/>
    public bool Equals(CommandKeyReference? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private protected override SigningKeyReference With(Func<string, string> change) =>
        new CommandKeyReference(change(Program), [.. Arguments.Select(change)]);

    // Null when a quotation mark has no other one.
    private static List<string>? Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        foreach (var character in text)
        {
            if (quote is not null && character == quote)
                quote = null;
            else if (quote is null && character is '"' or '\'')
                (quote, word) = (character, word ?? new StringBuilder());
            else if (quote is not null || !char.IsWhiteSpace(character))
                (word ??= new StringBuilder()).Append(character);
            else if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }

        if (word is not null)
            words.Add(word.ToString());
        return quote is null ? words : null;
    }

    // What has both marks was written in parts: 'a"'"b'".
    private static string Quote(string word)
    {
        if (word.Length > 0 && !word.Any(character => char.IsWhiteSpace(character) || character is '"' or '\''))
            return word;
        return word.Contains('\'', StringComparison.Ordinal)
            ? string.Join("\"'\"", word.Split('\'').Select(part => part.Length == 0 ? "" : $"'{part}'"))
            : $"'{word}'";
    }
}
