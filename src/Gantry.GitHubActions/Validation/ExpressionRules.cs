using Gantry.AzurePipelines;
using Gantry.GitHubActions.Expressions;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Validation;

/// <summary>Checks every expression of a workflow: its syntax, and that what it reads is there in its place.</summary>
internal static class ExpressionRules
{
    public static IEnumerable<Diagnostic> Check(Workflow workflow)
    {
        var scope = new Scope(workflow, Job: null, Steps: []);
        return
        [
            .. CheckText(workflow.RunName, ExpressionPlace.RunName, scope, "RunName", "the name of the run"),
            .. CheckAll(workflow.Environment, ExpressionPlace.WorkflowVariables, scope, "Pipeline.Variables", "the variable"),
            .. workflow.Jobs.SelectMany(job => Check(workflow, job)),
        ];
    }

    private static IEnumerable<Diagnostic> Check(Workflow workflow, WorkflowJob job)
    {
        var scope = new Scope(workflow, job, [.. job.Steps.Select(step => step.Id).OfType<string>()]);
        var name = $"of the job '{job.Id}'";
        return
        [
            .. job.Condition is { } condition
                ? Check(condition.ToString()!, ExpressionPlace.JobCondition, scope, job.Origin, $"the condition {name}")
                : [],
            .. CheckText(job.Environment, ExpressionPlace.JobSetting, scope, job.Origin, $"the environment {name}"),
            .. CheckText(job.Concurrency?.Group, ExpressionPlace.JobSetting, scope, job.Origin, $"the group {name}"),
            .. job.RunsOn.SelectMany(label => CheckText(label, ExpressionPlace.JobSetting, scope, job.Origin, $"a label {name}")),
            .. CheckAll(job.Outputs, ExpressionPlace.JobOutput, scope, job.Origin, $"the output {name}"),
            .. job.Steps.SelectMany((step, i) => Check(
                job, step, scope with { Steps = [.. job.Steps.Take(i).Select(before => before.Id).OfType<string>()] })),
        ];
    }

    private static IEnumerable<Diagnostic> Check(WorkflowJob job, WorkflowStep step, Scope scope)
    {
        var path = WorkflowValidator.PathOf(job, step);
        var name = $"of {WorkflowValidator.Describe(step)}";
        return
        [
            .. step.Condition is { } condition
                ? Check(condition, ExpressionPlace.StepCondition, scope, path, $"the condition {name}")
                : [],
            .. CheckText(step.Name, ExpressionPlace.StepValue, scope, path, $"the name {name}"),
            .. CheckText(step.WorkingDirectory, ExpressionPlace.StepValue, scope, path, $"the folder {name}"),
            .. CheckAll(step.Inputs, ExpressionPlace.StepValue, scope, path, $"an input {name}"),
            .. CheckAll(step.Environment, ExpressionPlace.StepValue, scope, path, $"a variable {name}"),
        ];
    }

    private static IEnumerable<Diagnostic> CheckAll(
        IEnumerable<KeyValuePair<string, string>> values, ExpressionPlace place, Scope scope, string path, string what) =>
        values.SelectMany(value => CheckText(value.Value, place, scope, path, what));

    private static IEnumerable<Diagnostic> CheckText(string? text, ExpressionPlace place, Scope scope, string path, string what) =>
        text is null ? [] : TemplateText.Expressions(text).SelectMany(expression => Check(expression.Trim(), place, scope, path, what));

    private static IEnumerable<Diagnostic> Check(string text, ExpressionPlace place, Scope scope, string path, string what)
    {
        Expression expression;
        Diagnostic? error = null;
        try
        {
            expression = ExpressionParser.Parse(text);
        }
        catch (ExpressionSyntaxException exception)
        {
            expression = Expression.Text("");
            error = WorkflowErrors.ExpressionSyntax(path, what, text, exception.Message, exception.Position);
        }

        return error is not null
            ? [error]
            : expression.Nodes()
                .Select(node => ExpressionScope.FindError(node, place, scope))
                .OfType<string>()
                .Distinct()
                .Select(reason => WorkflowErrors.ExpressionMeaning(path, what, text, reason));
    }
}
