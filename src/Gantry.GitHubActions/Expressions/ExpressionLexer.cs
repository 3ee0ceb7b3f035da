using System.Globalization;

namespace Gantry.GitHubActions.Expressions;

/// <summary>A part of an expression.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Text">A sign, the name, or the content of a text.</param>
/// <param name="Position">The position in the expression, from zero.</param>
internal readonly record struct ExpressionToken(ExpressionTokenKind Kind, string Text, int Position);

/// <summary>The kinds of parts.</summary>
internal enum ExpressionTokenKind
{
    /// <summary>The end of the expression.</summary>
    End,

    /// <summary>An operator or a bracket.</summary>
    Sign,

    /// <summary>A name of a context, property or function.</summary>
    Name,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text in quotes, without them.</summary>
    Text,
}

/// <summary>Splits an expression into its parts.</summary>
internal static class ExpressionLexer
{
    private static readonly string[] Signs = ["<=", ">=", "==", "!=", "&&", "||", "(", ")", "[", "]", ",", ".", "!", "<", ">", "*"];

    /// <summary>Returns the parts with an end after them, or throws <see cref="ExpressionSyntaxException"/>.</summary>
    public static IReadOnlyList<ExpressionToken> Split(string text)
    {
        var tokens = new List<ExpressionToken>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var token = Next(text, at, out var end);
            tokens.Add(token);
            at = end;
        }

        return [.. tokens, new(ExpressionTokenKind.End, "", text.Length)];
    }

    private static ExpressionToken Next(string text, int at, out int end)
    {
        if (text[at] == '\'')
            return Quoted(text, at, out end);
        if (char.IsAsciiDigit(text[at]) || (text[at] is '-' or '+' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return Number(text, at, out end);
        if (char.IsAsciiLetter(text[at]) || text[at] == '_')
        {
            end = at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-'))
                end++;
            return new(ExpressionTokenKind.Name, text[at..end], at);
        }

        if (Signs.FirstOrDefault(sign => string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0) is not { } found)
            throw new ExpressionSyntaxException($"there is an unexpected '{DisplayText.Neutralize(text[at].ToString())}'", at);
        end = at + found.Length;
        return new(ExpressionTokenKind.Sign, found, at);
    }

    // A quote in a text is written twice.
    private static ExpressionToken Quoted(string text, int at, out int end)
    {
        for (end = at + 1; end < text.Length; end++)
        {
            if (text[end] != '\'')
                continue;
            if (end + 1 < text.Length && text[end + 1] == '\'')
            {
                end++;
                continue;
            }

            end++;
            return new(ExpressionTokenKind.Text, text[(at + 1)..(end - 1)].Replace("''", "'", StringComparison.Ordinal), at);
        }

        throw new ExpressionSyntaxException("a text does not end", at);
    }

    private static ExpressionToken Number(string text, int at, out int end)
    {
        end = at + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '.'
            || (text[end] is '-' or '+' && text[end - 1] is 'e' or 'E')))
            end++;
        var number = text[at..end];
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? new(ExpressionTokenKind.Number, number, at)
            : throw new ExpressionSyntaxException($"'{number}' is not a number", at);
    }
}

/// <summary>A text that is not an expression.</summary>
/// <param name="reason">The reason, as the rest of a sentence.</param>
/// <param name="position">The position in the expression, from zero.</param>
internal sealed class ExpressionSyntaxException(string reason, int position) : Exception(reason)
{
    public int Position => position;
}
