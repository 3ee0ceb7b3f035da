using System.Globalization;

namespace Gantry.AzurePipelines.Expressions;

/// <summary>
/// An expression of Azure Pipelines, as used in a condition, between <c>$[</c> and <c>]</c>, or between <c>${{</c> and <c>}}</c>.
/// <see cref="ToString"/> writes the canonical form, which <see cref="ExpressionParser"/> parses to an equal expression.
/// </summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/process/expressions">Azure Pipelines, expressions</seealso>
internal abstract record Expression
{
    private protected Expression()
    {
    }

    /// <summary>
    /// Requires all of these, short-circuiting; a single one is returned unchanged, and those that require several are taken apart.
    /// </summary>
    public static Expression And(params IReadOnlyList<Expression> arguments) => arguments is [var only]
        ? only
        : new FunctionExpression("and", [.. arguments.SelectMany(argument =>
            argument is FunctionExpression { Name: "and", Arguments: var inner } ? inner : [argument])]);

    /// <summary>Requires any of these, short-circuiting; a single one is returned unchanged.</summary>
    public static Expression Or(params IReadOnlyList<Expression> arguments) =>
        arguments is [var only] ? only : new FunctionExpression("or", arguments);

    /// <summary>The call of a function.</summary>
    public static Expression Call(string function, params IReadOnlyList<Expression> arguments) =>
        new FunctionExpression(function, arguments);

    /// <summary>Creates a string literal.</summary>
    public static Expression Text(string text) => new LiteralExpression(text);

    /// <summary>Reads a variable of the run: <c>variables['Build.SourceBranch']</c>.</summary>
    public static Expression Variable(string name) => new IndexExpression(new NamedValueExpression("variables"), Text(name));

    /// <summary>Tests that a value is one of several texts, ignoring case.</summary>
    public static Expression In(Expression value, params IReadOnlyList<string> texts) =>
        new FunctionExpression("in", [value, .. texts.Select(Text)]);

    /// <summary>Reads the result of a stage or job that the condition's owner depends on: <c>dependencies.Build.result</c>.</summary>
    public static Expression ResultOf(string dependency) =>
        new PropertyExpression(new PropertyExpression(new NamedValueExpression("dependencies"), dependency), "result");

    /// <summary>Returns the expression in its canonical form.</summary>
    public sealed override string ToString() => Write();

    private protected abstract string Write();
}

/// <summary>A literal.</summary>
/// <param name="Value">Null, a <see cref="bool"/>, a <see cref="decimal"/>, a <see cref="string"/> or a <see cref="Version"/>.</param>
internal sealed record LiteralExpression(object? Value) : Expression
{
    private protected override string Write() => Value switch
    {
        null => "null",
        bool value => value ? "true" : "false",
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        IFormattable value => value.ToString(format: null, CultureInfo.InvariantCulture),
        _ => Value.ToString() ?? "null",
    };
}

/// <summary>A value that the service provides under a name: <c>variables</c>, <c>dependencies</c>, <c>parameters</c>.</summary>
/// <param name="Name">The name.</param>
internal sealed record NamedValueExpression(string Name) : Expression
{
    private protected override string Write() => Name;
}

/// <summary>A property: <c>dependencies.Build</c>.</summary>
/// <param name="Target">The value that has the property.</param>
/// <param name="Name">Its name, an identifier.</param>
internal sealed record PropertyExpression(Expression Target, string Name) : Expression
{
    private protected override string Write() => $"{Target}.{Name}";
}

/// <summary>An element: <c>variables['Build.Reason']</c>, <c>split(x, ',')[0]</c>.</summary>
/// <param name="Target">The value that has the elements.</param>
/// <param name="Index">The key or position.</param>
internal sealed record IndexExpression(Expression Target, Expression Index) : Expression
{
    private protected override string Write() => $"{Target}[{Index}]";
}

/// <summary>All elements, whatever their names: <c>foo.*</c>.</summary>
/// <param name="Target">The value that has the elements.</param>
internal sealed record WildcardExpression(Expression Target) : Expression
{
    private protected override string Write() => $"{Target}.*";
}

/// <summary>The call of a function.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record FunctionExpression(string Name, IReadOnlyList<Expression> Arguments) : Expression
{
    /// <inheritdoc/>
    public bool Equals(FunctionExpression? other) => other is not null && Name == other.Name && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override int GetHashCode() => Arguments.Aggregate(Name.GetHashCode(StringComparison.Ordinal), HashCode.Combine);

    private protected override string Write() => $"{Name}({string.Join(", ", Arguments)})";
}
