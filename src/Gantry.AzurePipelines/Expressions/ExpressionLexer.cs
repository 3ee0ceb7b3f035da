using System.Globalization;
using System.Text;

namespace Gantry.AzurePipelines.Expressions;

/// <summary>Splits an expression into tokens, or reports where it cannot.</summary>
internal static class ExpressionLexer
{
    /// <summary>Returns the tokens, followed by <see cref="TokenKind.End"/>.</summary>
    public static IReadOnlyList<ExpressionToken> Read(string text, out ExpressionError? error)
    {
        var tokens = new List<ExpressionToken>();
        error = null;
        for (var at = 0; at < text.Length && error is null;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var token = Next(text, at, StartsValue(tokens), AfterDot(tokens), out var length, out error);
            tokens.Add(token);
            at += length;
        }

        tokens.Add(new(TokenKind.End, text.Length, ""));
        return tokens;
    }

    // A dot starts a number where a value is expected, and is a dereference after a value.
    private static bool StartsValue(List<ExpressionToken> tokens) =>
        tokens.Count == 0 || tokens[^1].Kind is TokenKind.Comma or TokenKind.OpenBracket or TokenKind.OpenParenthesis;

    private static bool AfterDot(List<ExpressionToken> tokens) => tokens.Count > 0 && tokens[^1].Kind == TokenKind.Dot;

    private static ExpressionToken Next(string text, int at, bool startsValue, bool afterDot, out int length, out ExpressionError? error)
    {
        error = null;
        length = 1;
        switch (text[at])
        {
            case '(': return new(TokenKind.OpenParenthesis, at, "(");
            case ')': return new(TokenKind.CloseParenthesis, at, ")");
            case '[': return new(TokenKind.OpenBracket, at, "[");
            case ']': return new(TokenKind.CloseBracket, at, "]");
            case ',': return new(TokenKind.Comma, at, ",");
            case '*': return new(TokenKind.Wildcard, at, "*");
            case '.' when !startsValue: return new(TokenKind.Dot, at, ".");
            case '\'': return ReadText(text, at, out length, out error);
            case '.' or '-' or (>= '0' and <= '9'): return ReadNumber(text, at, out length, out error);
            default: return ReadName(text, at, afterDot, out length, out error);
        }
    }

    private static ExpressionToken ReadText(string text, int at, out int length, out ExpressionError? error)
    {
        var value = new StringBuilder();
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] != '\'')
            {
                value.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '\'')
            {
                value.Append('\'');
                i++;
            }
            else
            {
                error = null;
                length = i + 1 - at;
                return new(TokenKind.Literal, at, text.Substring(at, length), value.ToString());
            }
        }

        error = new(at, "a string is not closed");
        length = text.Length - at;
        return new(TokenKind.End, at, "");
    }

    private static ExpressionToken ReadNumber(string text, int at, out int length, out ExpressionError? error)
    {
        var end = at + 1;
        while (end < text.Length && (text[end] == '.' || !IsBoundary(text[end])))
            end++;
        length = end - at;
        var number = text.Substring(at, length);
        error = null;

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (number.Count(c => c == '.') < 2)
        {
            if (decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out var value))
                return new(TokenKind.Literal, at, number, value);
        }
        else if (Version.TryParse(number, out var version))
        {
            return new(TokenKind.Literal, at, number, version);
        }

        error = new(at, $"'{number}' is neither a number nor a version");
        return new(TokenKind.End, at, "");
    }

    private static ExpressionToken ReadName(string text, int at, bool afterDot, out int length, out ExpressionError? error)
    {
        var end = at + 1;
        while (end < text.Length && !IsBoundary(text[end]))
            end++;
        length = end - at;
        var name = text.Substring(at, length);
        error = IsName(name) ? null : new(at, $"'{name}' is not a value; strings are in single quotes");

        if (!afterDot)
        {
            if (name.Equals("true", StringComparison.OrdinalIgnoreCase))
                return new(TokenKind.Literal, at, name, true);
            if (name.Equals("false", StringComparison.OrdinalIgnoreCase))
                return new(TokenKind.Literal, at, name, false);
            if (name.Equals("null", StringComparison.OrdinalIgnoreCase))
                return new(TokenKind.Literal, at, name);
        }

        return new(TokenKind.Name, at, name);
    }

    internal static bool IsName(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] == '_')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static bool IsBoundary(char c) => c is '(' or ')' or '[' or ']' or ',' or '.' or '\'' || char.IsWhiteSpace(c);
}
