using CsCheck;
using Gantry.AzurePipelines.Expressions;

namespace Gantry.AzurePipelines.Tests.Expressions;

/// <summary>Generates any expression of a bounded depth.</summary>
internal static class ExpressionGen
{
    private static readonly Gen<string> Name = Gen.Select(Gen.Char["abcXYZ_"], Gen.String[Gen.Char["abcXYZ019_-"], 0, 6])
        .Select((first, rest) => first + rest)
        .Where(name => name.ToLowerInvariant() is not ("true" or "false" or "null"));

    private static readonly Gen<Expression> Literal = Gen.OneOf(
        Gen.Const((object?)null),
        Gen.Bool.Select(object? (value) => value),
        Gen.Int[-1000, 1000].Select(object? (value) => (decimal)value / 8),
        Gen.String.Select(object? (value) => value),
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[0, 20]).Select(object? (a, b, c) => new Version(a, b, c)))
        .Select(Expression (value) => new LiteralExpression(value));

    public static Gen<Expression> Any { get; } = OfDepth(4);

    private static Gen<Expression> OfDepth(int depth)
    {
        var named = Name.Select(Expression (name) => new NamedValueExpression(name));
        if (depth == 0)
            return Gen.OneOf(Literal, named);
        var inner = OfDepth(depth - 1);
        var target = Chain(depth - 1);
        return Gen.OneOf(
            Literal,
            target,
            Gen.Select(Name, inner.Array[0, 4]).Select(Expression (name, arguments) => new FunctionExpression(name, arguments)));
    }

    // Only what has a name can be dereferenced.
    private static Gen<Expression> Chain(int depth)
    {
        var named = Name.Select(Expression (name) => new NamedValueExpression(name));
        if (depth <= 0)
            return named;
        var target = Chain(depth - 1);
        return Gen.OneOf(
            named,
            Gen.Select(target, Name).Select(Expression (of, name) => new PropertyExpression(of, name)),
            Gen.Select(target, OfDepth(depth - 1)).Select(Expression (of, index) => new IndexExpression(of, index)),
            target.Select(Expression (of) => new WildcardExpression(of)));
    }
}
