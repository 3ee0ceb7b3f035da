using System.Text.Json;
using Gantry.AzurePipelines;
using Gantry.GitHubActions.Expressions;

namespace Gantry.GitHubActions.Generation;

/// <summary>Conditions of jobs. Each names the results that it needs: what was skipped or failed never lets a promotion run.</summary>
internal static class Conditions
{
    public static Expression EventName { get; } = Expression.Of("github", "event_name");

    /// <summary>
    /// Holds in a run that was not cancelled. A function of this kind replaces the implicit condition, which looks at the result of every
    /// job before, skipped ones included.
    /// </summary>
    public static Expression NotCancelled { get; } = Expression.Not(Expression.Call("cancelled"));

    public static Expression IsNotPullRequest { get; } = Expression.NotEqual(EventName, Expression.Text("pull_request"));

    public static Expression JobSucceeded(string job) =>
        Expression.Equal(Expression.Of("needs", job, "result"), Expression.Text("success"));

    /// <summary>Tests that the branch of the run is promoted or, when only tags start a run, that it is a run of a tag.</summary>
    public static Expression IsPromoted(PipelineTriggers triggers)
    {
        var source = Expression.Of("github", "ref");
        if (triggers is { PromotedBranches: null, Branches.Count: 0 })
            return Expression.Call("startsWith", source, Expression.Text("refs/tags/"));
        var branches = triggers.PromotedBranches ?? triggers.Branches;
        return branches.Contains("*")
            ? IsNotPullRequest
            : Expression.Any([.. branches.Select(branch => IsBranch(source, branch))]);
    }

    /// <summary>Tests that an input has one of these values.</summary>
    public static Expression InputIsAny(string input, IReadOnlyList<string> values) => Expression.Call(
        "contains",
        Expression.Call("fromJSON", Expression.Text(JsonSerializer.Serialize([.. values], ConditionJson.Default.StringArray))),
        Expression.Of("inputs", input));

    /// <summary>Tests that a person who started the run wants the promotion; any other run promotes as far as it can.</summary>
    public static Expression ReachesTo(IReadOnlyList<string> values) => Expression.Any(
        Expression.NotEqual(EventName, Expression.Text("workflow_dispatch")), InputIsAny(JobIds.PromoteToInput, values));

    private static Expression IsBranch(Expression source, string branch)
    {
        var reference = branch.StartsWith("refs/", StringComparison.Ordinal) ? branch : "refs/heads/" + branch;
        return branch.EndsWith('*')
            ? Expression.Call("startsWith", source, Expression.Text(reference[..^1]))
            : Expression.Equal(source, Expression.Text(reference));
    }
}
