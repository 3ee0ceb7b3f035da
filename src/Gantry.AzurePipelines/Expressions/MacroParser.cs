namespace Gantry.AzurePipelines.Expressions;

/// <summary>
/// Text of a pipeline with parts that the service replaces: <c>${{ }}</c> before the run, and <c>$( )</c> when a step starts. A value that
/// consists of one <c>$[ ]</c> is evaluated when its job or stage starts.
/// </summary>
internal static class MacroParser
{
    /// <summary>Splits a text into its parts, in order. An unclosed part is an error.</summary>
    public static IReadOnlyList<TextPart> Parse(string text, out ExpressionError? error)
    {
        var parts = new List<TextPart>();
        var literal = 0;
        error = null;
        for (var at = 0; at < text.Length;)
        {
            var part = Match(text, at, out var length, out error);
            if (error is not null)
                return parts;
            if (part is null)
            {
                at++;
                continue;
            }

            if (at > literal)
                parts.Add(new LiteralPart(text[literal..at], literal));
            parts.Add(part);
            at += length;
            literal = at;
        }

        if (text.Length > literal)
            parts.Add(new LiteralPart(text[literal..], literal));
        return parts;
    }

    /// <summary>Returns the expression of a value that is evaluated at run time, <c>$[ … ]</c>, or null for any other text.</summary>
    public static string? RuntimeExpression(string text)
    {
        var trimmed = text.Trim();
        return trimmed.StartsWith("$[", StringComparison.Ordinal) && trimmed.EndsWith(']') ? trimmed[2..^1] : null;
    }

    private static TextPart? Match(string text, int at, out int length, out ExpressionError? error)
    {
        error = null;
        length = 0;
        if (At(text, at, "${{"))
        {
            var end = FindEnd(text, at + 3);
            if (end < 0)
            {
                error = new(at, "'${{' is not closed by '}}'");
                return null;
            }

            length = end + 2 - at;
            return new TemplatePart(text[(at + 3)..end], at);
        }

        if (At(text, at, "$(") && MacroEnd(text, at + 2) is { } close)
        {
            length = close + 1 - at;
            return new MacroPart(text[(at + 2)..close], at);
        }

        return null;
    }

    private static bool At(string text, int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    // '}}' inside a string does not end the expression.
    private static int FindEnd(string text, int from)
    {
        var quoted = false;
        for (var i = from; i + 1 < text.Length; i++)
        {
            if (text[i] == '\'')
                quoted = !quoted;
            else if (!quoted && text[i] == '}' && text[i + 1] == '}')
                return i;
        }

        return -1;
    }

    // Only names of variables count: the substitution of a shell, $(date +%s), is not a macro.
    private static int? MacroEnd(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == ')')
                return i > from ? i : null;
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('.' or '_' or '-'))
                return null;
        }

        return null;
    }
}

/// <summary>A part of a text.</summary>
/// <param name="Position">The position in the text where it starts.</param>
internal abstract record TextPart(int Position);

/// <summary>Literal text.</summary>
/// <param name="Text">The text.</param>
/// <param name="Position">The position where it starts.</param>
internal sealed record LiteralPart(string Text, int Position) : TextPart(Position);

/// <summary>A template expression.</summary>
/// <param name="Expression">The expression between <c>${{</c> and <c>}}</c>.</param>
/// <param name="Position">The position where it starts.</param>
internal sealed record TemplatePart(string Expression, int Position) : TextPart(Position);

/// <summary>A macro.</summary>
/// <param name="Variable">The name of the variable.</param>
/// <param name="Position">The position where it starts.</param>
internal sealed record MacroPart(string Variable, int Position) : TextPart(Position);
