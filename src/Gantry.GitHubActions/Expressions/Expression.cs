using System.Globalization;

namespace Gantry.GitHubActions.Expressions;

/// <summary>An expression of GitHub Actions, printed as workflows write it.</summary>
/// <seealso href="https://docs.github.com/actions/reference/workflows-and-actions/expressions">GitHub Actions, expressions</seealso>
internal abstract record Expression
{
    private protected Expression()
    {
    }

    /// <summary>The strength with which the expression holds together: operands of a lower one are put in parentheses.</summary>
    private protected virtual int Strength => 4;

    /// <summary>The expression as a value of a workflow: <c>${{ … }}</c>.</summary>
    public string Wrapped => $"${{{{ {this} }}}}";

    public static Expression Text(string value) => new LiteralExpression(value);

    /// <summary>Reads a property of a context: <c>Of("needs", "build", "result")</c>.</summary>
    public static Expression Of(string context, params IReadOnlyList<string> properties) => properties.Aggregate(
        (Expression)new ContextExpression(context), (target, property) => new PropertyExpression(target, property));

    public static Expression Call(string function, params IReadOnlyList<Expression> arguments) => new CallExpression(function, arguments);

    public static Expression Not(Expression operand) => new NotExpression(operand);

    public static Expression Equal(Expression left, Expression right) => new BinaryExpression("==", left, right);

    public static Expression NotEqual(Expression left, Expression right) => new BinaryExpression("!=", left, right);

    public static Expression All(params IReadOnlyList<Expression> operands) => Join("&&", operands);

    public static Expression Any(params IReadOnlyList<Expression> operands) => Join("||", operands);

    /// <summary>Returns this expression and all inside of it.</summary>
    public IEnumerable<Expression> Nodes() => Operands.SelectMany(operand => operand.Nodes()).Prepend(this);

    /// <summary>The expressions directly inside.</summary>
    public virtual IReadOnlyList<Expression> Operands => [];

    private static Expression Join(string sign, IReadOnlyList<Expression> operands) =>
        operands.Aggregate((left, right) => new BinaryExpression(sign, left, right));

    private protected string Inside(Expression operand) => operand.Strength < Strength ? $"({operand})" : operand.ToString()!;

    private protected static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

/// <summary>A literal: null, a boolean, a number or a text.</summary>
internal sealed record LiteralExpression(object? Value) : Expression
{
    public override string ToString() => Value switch
    {
        null => "null",
        bool value => value ? "true" : "false",
        double value => value.ToString(CultureInfo.InvariantCulture),
        var value => Quote((string)value),
    };
}

/// <summary>A context as a whole: <c>github</c>.</summary>
internal sealed record ContextExpression(string Name) : Expression
{
    public override string ToString() => Name;
}

/// <summary>A property, by name: <c>github.ref</c>; <c>*</c> stands for all of them.</summary>
internal sealed record PropertyExpression(Expression Target, string Name) : Expression
{
    public override IReadOnlyList<Expression> Operands => [Target];

    public override string ToString() => $"{Inside(Target)}.{Name}";
}

/// <summary>An item or property, by an expression: <c>inputs['release']</c>.</summary>
internal sealed record IndexExpression(Expression Target, Expression Index) : Expression
{
    public override IReadOnlyList<Expression> Operands => [Target, Index];

    public override string ToString() => $"{Inside(Target)}[{Index}]";
}

/// <summary>A call of a function.</summary>
internal sealed record CallExpression(string Function, IReadOnlyList<Expression> Arguments) : Expression
{
    public override IReadOnlyList<Expression> Operands => Arguments;

    public override string ToString() => $"{Function}({string.Join(", ", Arguments)})";
}

/// <summary>A negation.</summary>
internal sealed record NotExpression(Expression Operand) : Expression
{
    private protected override int Strength => 3;

    public override IReadOnlyList<Expression> Operands => [Operand];

    public override string ToString() => "!" + Inside(Operand);
}

/// <summary>Two operands with an operator between them.</summary>
internal sealed record BinaryExpression(string Operator, Expression Left, Expression Right) : Expression
{
    private protected override int Strength => Operator switch { "||" => 0, "&&" => 1, _ => 2 };

    public override IReadOnlyList<Expression> Operands => [Left, Right];

    public override string ToString() => $"{Inside(Left)} {Operator} {Inside(Right)}";
}
