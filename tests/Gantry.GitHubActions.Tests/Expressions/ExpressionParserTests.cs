using CsCheck;
using Gantry.GitHubActions.Expressions;

namespace Gantry.GitHubActions.Tests.Expressions;

public class ExpressionParserTests
{
    [Theory]
    [InlineData("github.ref == 'refs/heads/main'")]
    [InlineData("!cancelled() && needs.build.result == 'success'")]
    [InlineData("(a || b) && c")]
    [InlineData("a || b && c")]
    [InlineData("!(a == b)")]
    [InlineData("contains(fromJSON('[\"all\",\"dev\"]'), inputs.promote-to)")]
    [InlineData("needs.*.result")]
    [InlineData("github.event.commits[0].id")]
    [InlineData("steps['a b'].outputs.x")]
    [InlineData("'it''s' != null")]
    [InlineData("1.5 < -2")]
    [InlineData("format('{0}', true)")]
    public void An_expression_is_read_and_written_the_same(string text) =>
        Assert.Equal(text, ExpressionParser.Parse(text).ToString()!.Replace("[*]", ".*", StringComparison.Ordinal));

    [Theory]
    [InlineData("", "it ends too early", 0)]
    [InlineData("github.ref ==", "it ends too early", 13)]
    [InlineData("github.", "it ends too early", 7)]
    [InlineData("'open", "a text does not end", 0)]
    [InlineData("(a", "')' is missing", 2)]
    [InlineData("f(a b)", "')' is missing", 4)]
    [InlineData("a b", "there is an unexpected 'b'", 2)]
    [InlineData("\"a\"", "there is an unexpected '\"'", 0)]
    [InlineData("1x2", "'1x2' is not a number", 0)]
    [InlineData("a.'b'", "a property has no name", 2)]
    public void What_is_no_expression_is_refused_with_its_place(string text, string reason, int position)
    {
        var exception = Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(text));

        Assert.Equal((reason, position), (exception.Message, exception.Position));
    }

    [Fact]
    public void Deep_nesting_is_refused_before_the_stack_ends() => Assert.Equal(
        "it is nested too deeply",
        Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(new string('(', 100_000))).Message);

    [Fact]
    public void Any_expression_that_is_written_is_read_again() =>
        Any(3).Sample(expression => ExpressionParser.Parse(expression.ToString()!).ToString() == expression.ToString());

    [Fact]
    public void Any_text_is_an_expression_or_is_refused_with_its_place()
    {
        Gen.String[Gen.Char["ab.'()[]&|!=<> 1,*$-"], 0, 40].Sample(text =>
        {
            try
            {
                var expression = ExpressionParser.Parse(text).ToString()!;
                return ExpressionParser.Parse(expression).ToString() == expression;
            }
            catch (ExpressionSyntaxException exception)
            {
                return exception.Position >= 0 && exception.Position <= text.Length;
            }
        });
    }

    [Theory]
    [InlineData("a ${{ b }} c", "a |{ b }| c")]
    [InlineData("${{ format('}}') }}", "{ format('}}') }")]
    [InlineData("none", "none")]
    [InlineData("open ${{ a", "open |{ a}")]
    [InlineData("", "")]
    public void Expressions_in_a_value_are_found(string value, string parts) => Assert.Equal(
        parts, string.Join('|', TemplateText.Split(value).Select(part => part.IsExpression ? $"{{{part.Text}}}" : part.Text)));

    private static Gen<Expression> Any(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.String[Gen.Char["ab' }{"], 0, 5].Select(Expression.Text),
            Gen.Const(Expression.Of("github", "ref")),
            Gen.Const(Expression.Of("needs", "build", "result")),
            Gen.Const(Expression.Call("always")));
        if (depth == 0)
            return leaf;
        var inner = Any(depth - 1);
        return Gen.OneOf(
            leaf,
            inner.Select(Expression.Not),
            Gen.Select(inner, inner, (left, right) => Expression.Equal(left, right)),
            Gen.Select(inner, inner, (left, right) => Expression.All(left, right)),
            Gen.Select(inner, inner, (left, right) => Expression.Any(left, right)),
            Gen.Select(inner, inner, (left, right) => Expression.Call("contains", left, right)));
    }
}
