namespace Gantry.AzurePipelines.Expressions;

/// <summary>The kinds of tokens in an expression.</summary>
internal enum TokenKind
{
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Comma,
    Dot,
    Wildcard,
    Literal,
    Name,
    End,
}

/// <summary>A token and its position in the text.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Position">The position where it starts.</param>
/// <param name="Text">The text; for <see cref="TokenKind.Name"/> the name.</param>
/// <param name="Value">The value of a literal.</param>
internal readonly record struct ExpressionToken(TokenKind Kind, int Position, string Text, object? Value = null);
