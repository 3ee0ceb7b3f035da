using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Conditions that stages and steps share.</summary>
internal static class Conditions
{
    public static Expression Succeeded { get; } = Expression.Call("succeeded");

    public static Expression NotCanceled { get; } = Expression.Call("not", Expression.Call("canceled"));

    /// <summary>
    /// Holds for runs that are not of a pull request. A person can start a run of the merge of a pull request by hand: such a run has the
    /// reason <c>Manual</c>, and the code of the pull request.
    /// </summary>
    public static Expression IsNotPullRequest { get; } = Expression.And(
        Expression.Call("ne", Expression.Variable("Build.Reason"), Expression.Text("PullRequest")),
        Expression.Call(
            "not", Expression.Call("startsWith", Expression.Variable("Build.SourceBranch"), Expression.Text("refs/pull/"))));

    /// <summary>Writes a condition that requires all of these.</summary>
    public static string AllOf(params IReadOnlyList<Expression> conditions) => Expression.And(conditions).ToString();

    /// <summary>
    /// Holds when a stage that this one depends on succeeded. Skipped is not enough: a stage without approval in time ends so.
    /// </summary>
    public static Expression StageSucceeded(string stage) => Expression.In(Expression.ResultOf(stage), "Succeeded", "SucceededWithIssues");

    /// <summary>Tests that the branch of the run is promoted or, when only tags start a run, that it is a run of a tag.</summary>
    public static Expression IsPromoted(PipelineTriggers triggers)
    {
        var source = Expression.Variable("Build.SourceBranch");
        if (triggers is { PromotedBranches: null, Branches.Count: 0 })
            return Expression.Call("startsWith", source, Expression.Text("refs/tags/"));
        var branches = triggers.PromotedBranches ?? triggers.Branches;
        var included = branches.Contains("*") ? IsNotPullRequest : IsAny(source, branches);
        return triggers is { PromotedBranches: null, ExcludedBranches: { Count: > 0 } excluded }
            ? Expression.And(included, Expression.Call("not", IsAny(source, excluded)))
            : included;
    }

    /// <summary>Tests that a filter matches the branch in a variable. Returns null when it matches all branches.</summary>
    public static Expression? MatchesFilter(string variable, Filter branches)
    {
        var source = Expression.Variable(variable);
        List<Expression> conditions = [];
        if (branches.Include.Count > 0 && !branches.Include.Contains("*"))
            conditions.Add(IsAny(source, branches.Include));
        if (branches.Exclude.Count > 0)
            conditions.Add(Expression.Call("not", IsAny(source, branches.Exclude)));
        return conditions.Count == 0 ? null : Expression.And(conditions);
    }

    /// <summary>
    /// The argument that makes promotions use the artifact as base registry when images are transferred as an artifact and the variable has
    /// another value.
    /// </summary>
    public static string ImagesArgument(PipelineDeclaration declaration) =>
        $"--{Format.Dashed(declaration.BaseRegistry.Parameter)} {ImagesAddress(declaration)}";

    /// <summary>The folder of the images, as the address of a base registry.</summary>
    public static string ImagesAddress(PipelineDeclaration declaration) => "oci:" + declaration.Commands.ImagesFolder;

    private static Expression IsAny(Expression source, IReadOnlyList<string> branches) =>
        Expression.Or([.. branches.Select(branch => IsBranch(source, branch))]);

    private static Expression IsBranch(Expression source, string branch)
    {
        var reference = branch.StartsWith("refs/", StringComparison.Ordinal) ? branch : "refs/heads/" + branch;
        return branch.EndsWith('*')
            ? Expression.Call("startsWith", source, Expression.Text(reference[..^1]))
            : Expression.Call("eq", source, Expression.Text(reference));
    }
}
