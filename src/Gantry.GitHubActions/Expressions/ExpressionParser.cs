using System.Globalization;

namespace Gantry.GitHubActions.Expressions;

/// <summary>Parses expressions of GitHub Actions.</summary>
internal sealed class ExpressionParser
{
    // Nested deeper than anyone writes: the parser calls itself.
    private const int NestingLimit = 100;

    private static readonly string[][] Operators = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">="]];

    private readonly IReadOnlyList<ExpressionToken> _tokens;
    private int _at;
    private int _depth;

    private ExpressionParser(IReadOnlyList<ExpressionToken> tokens) => _tokens = tokens;

    private ExpressionToken Current => _tokens[_at];

    /// <summary>Returns the expression, or throws <see cref="ExpressionSyntaxException"/>.</summary>
    /// <param name="text">The expression without <c>${{</c> and <c>}}</c>.</param>
    public static Expression Parse(string text)
    {
        var parser = new ExpressionParser(ExpressionLexer.Split(text));
        var expression = parser.Binary(0);
        return parser.Current.Kind == ExpressionTokenKind.End ? expression : throw parser.Unexpected();
    }

    private Expression Binary(int level)
    {
        if (level == Operators.Length)
            return Unary();
        var left = Binary(level + 1);
        while (Current.Kind == ExpressionTokenKind.Sign && Operators[level].Contains(Current.Text))
        {
            var sign = Take().Text;
            left = new BinaryExpression(sign, left, Binary(level + 1));
        }

        return left;
    }

    private Expression Unary()
    {
        if (++_depth > NestingLimit)
            throw new ExpressionSyntaxException("it is nested too deeply", Current.Position);
        var expression = Skip("!") ? new NotExpression(Unary()) : Postfix(Primary());
        _depth--;
        return expression;
    }

    private Expression Primary()
    {
        var token = Take();
        switch (token.Kind)
        {
            case ExpressionTokenKind.Text:
                return new LiteralExpression(token.Text);
            case ExpressionTokenKind.Number:
                return new LiteralExpression(double.Parse(token.Text, CultureInfo.InvariantCulture));
            case ExpressionTokenKind.Name when Skip("("):
                return new CallExpression(token.Text, Arguments());
            case ExpressionTokenKind.Name:
                return token.Text switch
                {
                    "null" => new LiteralExpression(null),
                    "true" => new LiteralExpression(true),
                    "false" => new LiteralExpression(false),
                    var name => new ContextExpression(name),
                };
            case ExpressionTokenKind.Sign when token.Text == "(":
                var inner = Binary(0);
                Require(")");
                return inner;
            default:
                _at--;
                throw Unexpected();
        }
    }

    private Expression Postfix(Expression target)
    {
        while (true)
        {
            if (Skip("."))
            {
                var property = Take();
                if (property.Kind != ExpressionTokenKind.Name && property is not { Kind: ExpressionTokenKind.Sign, Text: "*" })
                    throw new ExpressionSyntaxException("a property has no name", property.Position);
                target = new PropertyExpression(target, property.Text);
            }
            else if (Skip("["))
            {
                var index = Skip("*") ? null : Binary(0);
                Require("]");
                target = index is null ? new PropertyExpression(target, "*") : new IndexExpression(target, index);
            }
            else
            {
                return target;
            }
        }
    }

    private List<Expression> Arguments()
    {
        var arguments = new List<Expression>();
        if (Skip(")"))
            return arguments;
        do
            arguments.Add(Binary(0));
        while (Skip(","));
        Require(")");
        return arguments;
    }

    private ExpressionToken Take() => Current.Kind == ExpressionTokenKind.End ? throw Unexpected() : _tokens[_at++];

    private bool Skip(string sign)
    {
        var isNext = Current.Kind == ExpressionTokenKind.Sign && Current.Text == sign;
        if (isNext)
            _at++;
        return isNext;
    }

    private void Require(string sign)
    {
        if (!Skip(sign))
            throw new ExpressionSyntaxException($"'{sign}' is missing", Current.Position);
    }

    private ExpressionSyntaxException Unexpected() => Current.Kind == ExpressionTokenKind.End
        ? new("it ends too early", Current.Position)
        : new($"there is an unexpected '{DisplayText.Neutralize(Current.Text)}'", Current.Position);
}
