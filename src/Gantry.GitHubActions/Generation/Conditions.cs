using System.Text.Json;
using Gantry.AzurePipelines;
using Gantry.GitHubActions.Expressions;

namespace Gantry.GitHubActions.Generation;

/// <summary>Conditions of jobs. Each names the results that it needs: what was skipped or failed never lets a promotion run.</summary>
internal static class Conditions
{
    private const string Heads = "refs/heads/";
    private const string Tags = "refs/tags/";

    public static Expression EventName { get; } = Expression.Of("github", "event_name");

    /// <summary>
    /// Holds in a run that was not cancelled. A function of this kind replaces the implicit condition, which looks at the result of every
    /// job before, skipped ones included.
    /// </summary>
    public static Expression NotCancelled { get; } = Expression.Not(Expression.Call("cancelled"));

    public static Expression IsNotPullRequest { get; } = Expression.NotEqual(EventName, Expression.Text("pull_request"));

    public static Expression JobSucceeded(string job) =>
        Expression.Equal(Expression.Of("needs", job, "result"), Expression.Text("success"));

    /// <summary>
    /// Holds in a run of a branch or tag that no pull request started. A person can start a run on the reference of a pull request too,
    /// which anyone may have written.
    /// </summary>
    public static Expression IsOfRepository { get; } = Expression.All(
        IsNotPullRequest, Expression.Any(StartsWith(Heads), StartsWith(Tags)));

    /// <summary>Tests that the branch of the run is promoted or, when only tags start a run, that it is a run of a tag.</summary>
    public static Expression IsPromoted(PipelineTriggers triggers)
    {
        if (triggers is { PromotedBranches: null, Branches.Count: 0 })
            return StartsWith(Tags);
        var branches = triggers.PromotedBranches ?? triggers.Branches;
        var included = branches.Contains("*") ? IsOfRepository : IsAny(branches);

        // 'refs/*' has the pull requests as well.
        if (!branches.Contains("*") && !branches.All(IsOfHeadsOrTags))
            included = Expression.All(IsOfRepository, included);
        return triggers is { PromotedBranches: null, ExcludedBranches: { Count: > 0 } excluded }
            ? Expression.All(included, Expression.Not(IsAny(excluded)))
            : included;
    }

    /// <summary>Tests that an input has one of these values.</summary>
    public static Expression InputIsAny(string input, IReadOnlyList<string> values) => Expression.Call(
        "contains",
        Expression.Call("fromJSON", Expression.Text(JsonSerializer.Serialize([.. values], ConditionJson.Default.StringArray))),
        Expression.Of("inputs", input));

    /// <summary>Tests that a person who started the run wants the promotion; any other run promotes as far as it can.</summary>
    public static Expression ReachesTo(IReadOnlyList<string> values) => Expression.Any(
        Expression.NotEqual(EventName, Expression.Text("workflow_dispatch")), InputIsAny(JobIds.PromoteToInput, values));

    private static Expression IsAny(IReadOnlyList<string> branches) => Expression.Any([.. branches.Select(IsBranch)]);

    private static Expression IsBranch(string branch)
    {
        var reference = ReferenceOf(branch);
        return reference.EndsWith('*')
            ? StartsWith(reference[..^1])
            : Expression.Equal(Expression.Of("github", "ref"), Expression.Text(reference));
    }

    private static bool IsOfHeadsOrTags(string branch) =>
        ReferenceOf(branch).StartsWith(Heads, StringComparison.Ordinal) || ReferenceOf(branch).StartsWith(Tags, StringComparison.Ordinal);

    private static string ReferenceOf(string branch) =>
        branch.StartsWith("refs/", StringComparison.Ordinal) ? branch : Heads + branch;

    private static Expression StartsWith(string reference) =>
        Expression.Call("startsWith", Expression.Of("github", "ref"), Expression.Text(reference));
}
