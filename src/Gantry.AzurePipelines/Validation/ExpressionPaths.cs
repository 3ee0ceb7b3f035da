using Gantry.AzurePipelines.Expressions;

namespace Gantry.AzurePipelines.Validation;

/// <summary>A value that an expression reads: a named value and the properties below it, in either notation.</summary>
/// <param name="Root">The named value in lower case: <c>dependencies</c>.</param>
/// <param name="Segments">The properties: <c>Build</c>, <c>outputs</c>, <c>release.version</c>; it ends before the first computed
/// one.</param>
/// <param name="Text">The complete text as written.</param>
internal sealed record ExpressionPath(string Root, IReadOnlyList<string> Segments, string Text);

/// <summary>Finds the values that expressions read.</summary>
internal static class ExpressionPaths
{
    public static IEnumerable<ExpressionPath> Of(Expression expression) => expression switch
    {
        FunctionExpression function => function.Arguments.SelectMany(Of),
        LiteralExpression => [],
        _ => OfChain(expression),
    };

    public static IEnumerable<FunctionExpression> Calls(Expression expression) => expression switch
    {
        FunctionExpression function => function.Arguments.SelectMany(Calls).Prepend(function),
        PropertyExpression property => Calls(property.Target),
        WildcardExpression wildcard => Calls(wildcard.Target),
        IndexExpression index => Calls(index.Target).Concat(Calls(index.Index)),
        _ => [],
    };

    private static List<ExpressionPath> OfChain(Expression expression)
    {
        var segments = new List<string?>();
        var inner = new List<ExpressionPath>();
        var at = expression;
        while (at is PropertyExpression or IndexExpression or WildcardExpression)
        {
            (at, var segment) = at switch
            {
                PropertyExpression property => (property.Target, property.Name),
                IndexExpression { Index: LiteralExpression { Value: string name } } index => (index.Target, name),
                IndexExpression index => Computed(index, inner),
                WildcardExpression wildcard => (wildcard.Target, null),
                _ => throw new InvalidOperationException("not part of a chain"),
            };
            segments.Insert(0, segment);
        }

        if (at is NamedValueExpression named)
            inner.Insert(
                0,
                new ExpressionPath(
                    named.Name.ToLowerInvariant(),
                    [.. segments.TakeWhile(segment => segment is not null).Select(segment => segment!)],
                    expression.ToString()));
        else
            inner.AddRange(Of(at));
        return inner;
    }

    private static (Expression Target, string? Segment) Computed(IndexExpression index, List<ExpressionPath> inner)
    {
        inner.AddRange(Of(index.Index));
        return (index.Target, null);
    }
}
