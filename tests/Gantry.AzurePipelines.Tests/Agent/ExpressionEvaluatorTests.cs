using Gantry.PipelineAgent;
using Gantry.PipelineAgent.Expressions;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>The interpreter itself: expressions as Azure Pipelines documents them.</summary>
public class ExpressionEvaluatorTests
{
    private static readonly ExpressionContext Context = new()
    {
        Values =
        {
            ["variables"] =
                new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["branch"] = "Main", ["empty"] = "", ["number"] = "7" },
            ["list"] = new List<object?> { "a", "B", 3m },
            ["foo"] =
                new List<object?> { new Dictionary<string, object?> { ["id"] = 1m }, new Dictionary<string, object?> { ["id"] = 2m } },
        },
    };

    [Theory]
    [InlineData("eq('main', 'MAIN')", "True")]
    [InlineData("eq(variables.branch, 'main')", "True")]
    [InlineData("eq(variables['BRANCH'], 'main')", "True")]
    [InlineData("eq(variables.missing, '')", "True")]
    [InlineData("eq(1, '1')", "True")]
    [InlineData("eq('1', 1)", "True")]
    [InlineData("eq(1, 'x')", "False")]
    [InlineData("ne(1, 'x')", "True")]
    [InlineData("eq(true, 'x')", "True")]
    [InlineData("eq(1.2.3, '1.2.3')", "True")]
    [InlineData("gt(variables.number, 6)", "True")]
    [InlineData("lt(5, variables.number)", "True")]
    [InlineData("ge(1.2.3, '1.2.3')", "True")]
    [InlineData("in('B', 'a', 'b')", "True")]
    [InlineData("notIn('c', 'a', 'b')", "True")]
    [InlineData("and(true, false, nothing.that.exists)", "False")]
    [InlineData("or(true, nothing)", "True")]
    [InlineData("xor(true, 'x')", "False")]
    [InlineData("not('')", "True")]
    [InlineData("contains('ABCDE', 'bcd')", "True")]
    [InlineData("containsValue(list, 'b')", "True")]
    [InlineData("startsWith('refs/heads/main', 'REFS/heads')", "True")]
    [InlineData("endsWith('abc', 'BC')", "True")]
    [InlineData("coalesce(variables.missing, variables.empty, 'x')", "x")]
    [InlineData("iif(eq(1, 1), 'yes', nothing)", "yes")]
    [InlineData("format('{0}-{1} {{x}}', 'a', 2)", "a-2 {x}")]
    [InlineData("join(';', list)", "a;B;3")]
    [InlineData("split('a,b', ',')[1]", "b")]
    [InlineData("length('abc')", "3")]
    [InlineData("upper(lower('aB'))", "AB")]
    [InlineData("replace('aXa', 'X', 'b')", "aba")]
    [InlineData("trim('  a ')", "a")]
    [InlineData("join(',', foo.*.id)", "1,2")]
    [InlineData("list[0]", "a")]
    [InlineData("list[9]", "")]
    [InlineData("1.50", "1.5")]
    public void Evaluates(string expression, string text) =>
        Assert.Equal(text, ExpressionValues.ToText(ExpressionEvaluator.Evaluate(expression, Context)));

    [Theory]
    [InlineData("nothing", "Unrecognized value: 'nothing'")]
    [InlineData("nothing()", "Unrecognized function: 'nothing'")]
    [InlineData("gt(1, 'x')", "cannot be compared")]
    [InlineData("eq(1", "not an expression")]
    public void Fails(string expression, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<PipelineException>(() => ExpressionEvaluator.Evaluate(expression, Context)).Message,
            StringComparison.Ordinal);
}
