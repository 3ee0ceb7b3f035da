using Gantry.AzurePipelines.Expressions;

namespace Gantry.AzurePipelines.Tests.Expressions;

public class ExpressionScopeTests
{
    public static TheoryData<string, string, string?> Expressions => new()
    {
        { "condition", "and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))", null },
        { "condition", "succeeded('A', 'B')", null },
        { "condition", "in(dependencies.A.result, 'Succeeded')", null },
        { "condition", "eq(parameters.x, 1)", "'parameters' is not known in a condition" },
        { "condition", "counter('a', 1)", "there is no function 'counter' in a condition" },
        { "condition", "and(true)", "'and' takes at least 2 arguments, not 1" },
        { "condition", "eq(1, 2, 3)", "'eq' takes 2 arguments, not 3" },
        { "condition", "not()", "'not' takes 1 argument, not 0" },
        { "condition", "succeeded", "the function 'succeeded' is not called: its parentheses are missing" },
        { "condition", "and(true, fals)", "'fals' is not known in a condition" },
        { "condition", "variables[cancelled()]", "there is no function 'cancelled' in a condition" },
        { "condition", "foo.bar.*", "'foo' is not known in a condition" },
        { "runtime", "counter(variables.x, 100)", null },
        { "runtime", "counter()", null },
        { "runtime", "counter(1, 2, 3)", "'counter' takes 0 to 2 arguments, not 3" },
        { "runtime", "succeeded()", "there is no function 'succeeded' in a runtime expression" },
        { "template", "coalesce(parameters.a, variables['b'])", null },
        { "template", "dependencies.A.result", "'dependencies' is not known in a template expression" },
        { "template", "convertToJson(parameters.a)", null },
        { "answer", "eq(root['status'], 'ok')", null },
        { "answer", "gt(count(jsonpath('$.x[*]')), 0)", null },
        { "answer", "eq(answer['status'], 'ok')", "'answer' is not known in the success criteria of a check" },
        { "condition", "OR(EQ(1, 1), Always())", null },
    };

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Each_scope_has_its_contexts_and_functions(string scope, string text, string? error)
    {
        Assert.True(ExpressionParser.TryParse(text, out var expression, out _));
        Assert.Equal(error, ScopeOf(scope).Validate(expression));
    }

    private static ExpressionScope ScopeOf(string name) => name switch
    {
        "condition" => ExpressionScope.Condition,
        "runtime" => ExpressionScope.RuntimeValue,
        "template" => ExpressionScope.Template,
        _ => ExpressionScope.ServiceResponse,
    };
}
