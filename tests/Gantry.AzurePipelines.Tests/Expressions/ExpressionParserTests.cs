using CsCheck;
using Gantry.AzurePipelines.Expressions;

namespace Gantry.AzurePipelines.Tests.Expressions;

public class ExpressionParserTests
{
    [Theory]
    [InlineData("succeeded()", "succeeded()")]
    [InlineData("  and ( succeeded( ) ,eq(1,1) )", "and(succeeded(), eq(1, 1))")]
    [InlineData("variables['Build.Reason']", "variables['Build.Reason']")]
    [InlineData("variables.isMain", "variables.isMain")]
    [InlineData("dependencies.A.outputs['job.step.v']", "dependencies.A.outputs['job.step.v']")]
    [InlineData("stageDependencies.A.B.result", "stageDependencies.A.B.result")]
    [InlineData("eq('It''s', 'x')", "eq('It''s', 'x')")]
    [InlineData("TRUE", "true")]
    [InlineData("False", "false")]
    [InlineData("null", "null")]
    [InlineData("-1.5", "-1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("foo.*.id", "foo.*.id")]
    [InlineData("foo[*].id", "foo.*.id")]
    [InlineData("split(variables.x, ',')[0]", "split(variables.x, ',')[0]")]
    [InlineData("variables.true", "variables.true")]
    [InlineData("parameters.my-name", "parameters.my-name")]
    [InlineData("a[b['c']]", "a[b['c']]")]
    [InlineData("and\n(\n  in(a, 'x'),\n  b\n)", "and(in(a, 'x'), b)")]
    [InlineData("eq('${{ parameters.x }}', 'all')", "eq('${{ parameters.x }}', 'all')")]
    public void Reads(string text, string canonical)
    {
        Assert.True(ExpressionParser.TryParse(text, out var expression, out var error), error?.Reason);
        Assert.Equal(canonical, expression.ToString());
    }

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("   ", 3, "empty")]
    [InlineData("eq(1, 2", 7, "not closed")]
    [InlineData("eq(1, 2))", 8, "complete")]
    [InlineData("eq(1 2)", 5, "',' or ')'")]
    [InlineData("eq(,)", 3, "value is expected")]
    [InlineData("eq(1,)", 5, "value is expected")]
    [InlineData("'open", 0, "not closed")]
    [InlineData("variables['a'", 13, "']'")]
    [InlineData("variables[]", 10, "value is expected")]
    [InlineData("variables.", 10, "name is expected")]
    [InlineData("variables.'a'", 10, "name is expected")]
    [InlineData("refs/heads/main", 0, "single quotes")]
    [InlineData("eq(variables.x, \"main\")", 16, "single quotes")]
    [InlineData("a && b", 2, "single quotes")]
    [InlineData("1.2.x", 0, "number nor a version")]
    [InlineData("1x", 0, "number nor a version")]
    [InlineData("-", 0, "number nor a version")]
    [InlineData("'a'.b", 3, "complete")]
    [InlineData("1 2", 2, "complete")]
    [InlineData("*", 0, "value is expected")]
    [InlineData(")", 0, "value is expected")]
    public void Refuses(string text, int position, string reason)
    {
        Assert.False(ExpressionParser.TryParse(text, out _, out var error));
        Assert.Equal(position, error.Position);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_limited_as_by_the_service()
    {
        Assert.True(ExpressionParser.TryParse(Nested(ExpressionParser.MaximumDepth - 1), out _, out _));
        Assert.False(ExpressionParser.TryParse(Nested(ExpressionParser.MaximumDepth), out _, out var error));
        Assert.Contains("nests deeper", error.Reason, StringComparison.Ordinal);

        Assert.False(ExpressionParser.TryParse(Nested(100_000), out _, out _));
        Assert.False(ExpressionParser.TryParse("a" + string.Concat(Enumerable.Repeat("[a", 5_000)), out _, out _));
        Assert.False(ExpressionParser.TryParse("a" + string.Concat(Enumerable.Repeat(".a", 5_000)), out _, out _));

        static string Nested(int levels) => string.Concat(Enumerable.Repeat("not(", levels)) + "true" + new string(')', levels);
    }

    [Fact]
    public void An_expression_is_read_back_from_its_canonical_form() => ExpressionGen.Any.Sample(expression =>
        ExpressionParser.TryParse(expression.ToString(), out var read, out _) && read == expression, iter: 2000);

    [Fact]
    public void Any_text_is_an_expression_or_a_fault() =>
        Gen.OneOf(Gen.String, Gen.String["()[]',.*-01ax {}$&\n"], ExpressionGen.Any.Select(Gen.Int[0, 40]).Select((expression, cut) =>
            expression.ToString() is var text && cut < text.Length ? text.Remove(cut, 1) : text)).Sample(text =>
        {
            if (ExpressionParser.TryParse(text, out var expression, out var error))
                return ExpressionParser.TryParse(expression.ToString(), out var again, out _) && again == expression;
            return error.Position >= 0 && error.Position <= text.Length && error.Reason.Length > 0;
        }, iter: 20_000);
}
