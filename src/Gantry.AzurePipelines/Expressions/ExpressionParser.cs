using System.Diagnostics.CodeAnalysis;

namespace Gantry.AzurePipelines.Expressions;

/// <summary>
/// Parses expressions. The names and functions that are available depend on the <see cref="ExpressionScope"/>, not on the grammar.
/// </summary>
internal sealed class ExpressionParser
{
    /// <summary>The maximum length of an expression that the service accepts, in characters.</summary>
    public const int MaximumLength = 21000;

    /// <summary>The maximum nesting depth of expressions that the service accepts.</summary>
    public const int MaximumDepth = 50;

    private readonly IReadOnlyList<ExpressionToken> _tokens;
    private int _next;
    private ExpressionError? _error;

    private ExpressionParser(IReadOnlyList<ExpressionToken> tokens) => _tokens = tokens;

    /// <summary>Parses an expression, or returns the reason why it is not valid. Never throws.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out Expression? expression, [NotNullWhen(false)] out ExpressionError? error)
    {
        expression = null;
        if (text.Length > MaximumLength)
        {
            error = new(MaximumLength, $"it is longer than {MaximumLength} characters");
            return false;
        }

        var tokens = ExpressionLexer.Read(text, out error);
        if (error is not null)
            return false;

        var parser = new ExpressionParser(tokens);
        expression = parser.ParseAll();
        error = parser._error;
        if (expression is not null)
            return true;
        error ??= new(0, "it cannot be read");
        return false;
    }

    private Expression? ParseAll()
    {
        if (Peek.Kind == TokenKind.End)
            return Fail(Peek, "it is empty");
        var expression = Parse(depth: 1);
        return expression is null ? null
            : Peek.Kind == TokenKind.End ? expression
            : Fail(Peek, $"'{Peek.Text}' follows where the expression is complete");
    }

    private Expression? Parse(int depth)
    {
        if (depth > MaximumDepth)
            return Fail(Peek, $"it nests deeper than {MaximumDepth} levels");

        var token = Take();
        Expression? expression;
        switch (token.Kind)
        {
            case TokenKind.Literal:
                return new LiteralExpression(token.Value);
            case TokenKind.Name when Peek.Kind == TokenKind.OpenParenthesis:
                expression = ParseCall(token.Text, depth);
                break;
            case TokenKind.Name:
                expression = new NamedValueExpression(token.Text);
                break;
            case TokenKind.End:
                return Fail(token, "it ends where a value is expected");
            default:
                return Fail(token, $"'{token.Text}' is where a value is expected");
        }

        // Each dereference is its own level, as the service counts them.
        for (var level = depth + 1; expression is not null && Peek.Kind is TokenKind.Dot or TokenKind.OpenBracket; level++)
            expression = level > MaximumDepth
                ? Fail(Peek, $"it nests deeper than {MaximumDepth} levels")
                : ParseDereference(expression, depth);
        return expression;
    }

    private FunctionExpression? ParseCall(string name, int depth)
    {
        Take();
        var arguments = new List<Expression>();
        if (Peek.Kind == TokenKind.CloseParenthesis)
        {
            Take();
            return new(name, arguments);
        }

        while (Parse(depth + 1) is { } argument)
        {
            arguments.Add(argument);
            var separator = Take();
            if (separator.Kind == TokenKind.CloseParenthesis)
                return new(name, arguments);
            if (separator.Kind != TokenKind.Comma)
            {
                Fail(
                    separator,
                    separator.Kind == TokenKind.End
                        ? $"the parenthesis of '{name}' is not closed"
                        : $"'{separator.Text}' is where ',' or ')' is expected");
                return null;
            }
        }

        return null;
    }

    private Expression? ParseDereference(Expression target, int depth)
    {
        var opening = Take();
        if (opening.Kind == TokenKind.Dot)
        {
            var name = Take();
            return name.Kind switch
            {
                TokenKind.Name => new PropertyExpression(target, name.Text),
                TokenKind.Wildcard => new WildcardExpression(target),
                _ => Fail(name, "a name is expected after '.'"),
            };
        }

        Expression? element;
        if (Peek.Kind == TokenKind.Wildcard)
        {
            Take();
            element = new WildcardExpression(target);
        }
        else
        {
            element = Parse(depth + 1) is { } index ? new IndexExpression(target, index) : null;
        }

        if (element is null)
            return null;
        var closing = Take();
        return closing.Kind == TokenKind.CloseBracket ? element : Fail(closing, "']' is expected");
    }

    private ExpressionToken Peek => _tokens[_next];

    private ExpressionToken Take() => _tokens[_next].Kind == TokenKind.End ? _tokens[_next] : _tokens[_next++];

    private Expression? Fail(ExpressionToken token, string reason)
    {
        _error ??= new(token.Position, reason);
        return null;
    }
}
