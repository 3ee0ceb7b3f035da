using System.Text.RegularExpressions;
using Gantry.AzurePipelines;
using Gantry.GitHubActions.Expressions;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Validation;

/// <summary>
/// Checks steps: complete, with a version for each action, and without expressions in scripts. The value of an expression becomes a part of
/// the script before any shell sees it, and may be what a stranger called a branch.
/// </summary>
internal static partial class StepRules
{
    public static IEnumerable<Diagnostic> Check(Workflow workflow) =>
        workflow.Jobs.SelectMany(job => job.Steps.Count == 0
            ? [WorkflowErrors.NothingInside(job.Origin, $"the job '{job.Id}'", "steps")]
            : job.Steps.SelectMany(step => Check(job, step)));

    private static IEnumerable<Diagnostic> Check(WorkflowJob job, WorkflowStep step)
    {
        var path = WorkflowValidator.PathOf(job, step);
        var described = WorkflowValidator.Describe(step);
        if (step.Script is { } script)
        {
            if (string.IsNullOrWhiteSpace(script))
                yield return WorkflowErrors.NothingInside(path, described, "script");
            foreach (var expression in TemplateText.Expressions(script))
                yield return WorkflowErrors.ExpressionInScript(path, described, $"${{{{{expression}}}}}");
        }

        if (step.Action is { } action)
        {
            if (FindError(action) is { } reason)
                yield return WorkflowErrors.MalformedAction(path, action, reason);

            // A script by another name.
            if (action.StartsWith("actions/github-script@", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var expression in step.Inputs.Where(input => input.Key == "script").SelectMany(input =>
                    TemplateText.Expressions(input.Value)))
                    yield return WorkflowErrors.ExpressionInScript(path, described, $"${{{{{expression}}}}}");
            }
        }

        foreach (var name in step.Environment
            .Select(variable => variable.Key)
            .Where(name => name != "GITHUB_TOKEN" && !VariableName.IsValid(name)))
            yield return WorkflowErrors.UnusableVariable(path, "variable", name);
        foreach (var secret in step.Secrets.Where(secret => !VariableName.IsValid(secret)))
            yield return WorkflowErrors.UnusableVariable(path, "secret", secret);
    }

    private static string? FindError(string action)
    {
        if (action.StartsWith("./", StringComparison.Ordinal) || action.StartsWith("docker://", StringComparison.Ordinal))
            return null;
        if (!action.Contains('@', StringComparison.Ordinal))
            return "it has no version";
        return Pattern().IsMatch(action) ? null : "it is neither an action of a repository, nor of this one, nor an image";
    }

    [GeneratedRegex(
        @"\A[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(/[A-Za-z0-9_./-]+)?@[A-Za-z0-9_./-]+\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
