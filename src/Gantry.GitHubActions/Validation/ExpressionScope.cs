using Gantry.GitHubActions.Expressions;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Validation;

/// <summary>What an expression can read in its place.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Job">The job; null outside of one.</param>
/// <param name="Steps">The ids of the steps before.</param>
internal sealed record Scope(Workflow Workflow, WorkflowJob? Job, IReadOnlyList<string> Steps);

/// <summary>Checks that what an expression reads exists.</summary>
internal static class ExpressionScope
{
    /// <summary>Returns why a part of an expression has no value, as the rest of a sentence; null when it has one.</summary>
    public static string? FindError(Expression node, ExpressionPlace place, Scope scope) => node switch
    {
        CallExpression call => place.FindError(call.Function, call.Arguments.Count),
        ContextExpression context when !place.Contexts.Contains(context.Name, StringComparer.OrdinalIgnoreCase) =>
            $"there is no '{context.Name}' here",
        PropertyExpression { Target: ContextExpression context } property => Find(context.Name, property.Name, scope),
        PropertyExpression { Target: PropertyExpression { Target: ContextExpression { Name: "needs" } } need } property =>
            FindOfNeed(need.Name, property.Name, scope),
        PropertyExpression
        {
            Target: PropertyExpression { Name: "outputs", Target: PropertyExpression { Target: ContextExpression { Name: "needs" } } need },
        } output => FindOutput(need.Name, output.Name, scope),
        _ => null,
    };

    private static string? Find(string context, string name, Scope scope) => context.ToLowerInvariant() switch
    {
        "needs" when name != "*" && scope.Job?.Needs.Contains(name) != true => $"the job does not need '{name}'",
        "matrix" when name != "*" && (scope.Job?.Slices is null || name != WorkflowJob.SliceVariable) =>
            $"the job has no matrix with '{name}'",
        "steps" when name != "*" && !scope.Steps.Contains(name) => $"no step before has the id '{name}'",
        "inputs" when scope.Workflow.Triggers.Inputs?.Any(input => input.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) != true =>
            $"the workflow has no input '{name}'",
        _ => null,
    };

    private static string? FindOfNeed(string job, string property, Scope scope) =>
        property is "result" or "outputs" || job == "*" || scope.Job?.Needs.Contains(job) != true
            ? null
            : $"a job that is needed has a result and outputs, and no '{property}'";

    private static string? FindOutput(string job, string output, Scope scope) =>
        scope.Workflow.Jobs.FirstOrDefault(known => known.Id == job) is { } found && found.Outputs.All(known => known.Key != output)
            ? $"the job '{job}' has no output '{output}'"
            : null;
}
