using CsCheck;
using Gantry.AzurePipelines.Expressions;

namespace Gantry.AzurePipelines.Tests.Expressions;

public class MacroParserTests
{
    [Theory]
    [InlineData("plain", "L:plain")]
    [InlineData("$(Build.BuildId)", "M:Build.BuildId")]
    [InlineData("a $(b) c", "L:a |M:b|L: c")]
    [InlineData("${{ parameters.x }}", "T: parameters.x ")]
    [InlineData("a${{ '}}' }}b", "L:a|T: '}}' |L:b")]
    [InlineData("$(date +%s) $(x)", "L:$(date +%s) |M:x")]
    [InlineData("$() $", "L:$() $")]
    [InlineData("$(open", "L:$(open")]
    [InlineData("$[ counter() ]", "L:$[ counter() ]")]
    [InlineData("$(a$(b))", "L:$(a|M:b|L:)")]
    public void Splits(string text, string parts)
    {
        Assert.Equal(parts, string.Join('|', MacroParser.Parse(text, out var error).Select(Describe)));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("x ${{ open", 2)]
    [InlineData("${{ 'a }}", 0)]
    public void An_unclosed_macro_is_reported(string text, int position)
    {
        MacroParser.Parse(text, out var error);
        Assert.Equal(position, error?.Position);
    }

    [Theory]
    [InlineData("$[ eq(1, 1) ]", " eq(1, 1) ")]
    [InlineData("  $[x]  ", "x")]
    [InlineData("a $[x]", null)]
    [InlineData("$(x)", null)]
    public void Runtime_expressions_are_found(string text, string? expression) =>
        Assert.Equal(expression, MacroParser.RuntimeExpression(text));

    [Fact]
    public void The_parts_add_up_to_the_whole_text() => Gen.String["ab${}()[]' .|"].Sample(text =>
    {
        var parts = MacroParser.Parse(text, out var error);
        return error is not null || string.Concat(parts.Select(Write)) == text;
    });

    private static string Describe(TextPart part) =>
        part switch { LiteralPart l => "L:" + l.Text, MacroPart m => "M:" + m.Variable, TemplatePart t => "T:" + t.Expression, _ => "?" };

    private static string Write(TextPart part) =>
        part switch { LiteralPart l => l.Text, MacroPart m => $"$({m.Variable})", TemplatePart t => $"${{{{{t.Expression}}}}}", _ => "?" };
}
