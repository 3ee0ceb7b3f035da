using Gantry.AzurePipelines.Expressions;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Conditions that stages and steps have in common.</summary>
internal static class Conditions
{
    public static Expression Succeeded { get; } = Expression.Call("succeeded");

    public static Expression NotCanceled { get; } = Expression.Call("not", Expression.Call("canceled"));

    public static Expression IsNoPullRequest { get; } = Expression.Call("ne", Expression.Variable("Build.Reason"), Expression.Text("PullRequest"));

    /// <summary>Whether a stage that this one depends on went well. Skipped is not enough: so ends a stage whose approval nobody gave in time.</summary>
    public static Expression WentWell(string stage) => Expression.In(Expression.ResultOf(stage), "Succeeded", "SucceededWithIssues");

    /// <summary>Whether the run is of a branch that is promoted.</summary>
    public static Expression IsPromoted(PipelineTriggers triggers)
    {
        var branches = triggers.PromotedBranches ?? triggers.Branches;
        return branches.Count == 0 || branches.Contains("*") ? IsNoPullRequest : Expression.Or([.. branches.Select(IsBranch)]);
    }

    /// <summary>The base registry that promotions use when images travel as an artifact and the variable says something else.</summary>
    public static string ImagesArgument(PipelineDeclaration declaration) =>
        $"--{ParameterNames.Dashed(declaration.BaseRegistry.Parameter)} {ImagesAddress(declaration)}";

    /// <summary>The folder of the images as a base registry.</summary>
    public static string ImagesAddress(PipelineDeclaration declaration) => "oci:" + declaration.Commands.ImagesFolder;

    private static Expression IsBranch(string branch)
    {
        var source = Expression.Variable("Build.SourceBranch");
        var reference = branch.StartsWith("refs/", StringComparison.Ordinal) ? branch : "refs/heads/" + branch;
        return branch.EndsWith('*')
            ? Expression.Call("startsWith", source, Expression.Text(reference[..^1]))
            : Expression.Call("eq", source, Expression.Text(reference));
    }
}

/// <summary>Names of parameters of the build.</summary>
internal static class ParameterNames
{
    /// <summary>As the command line has it: <c>BaseRegistry</c> is <c>base-registry</c>.</summary>
    public static string Dashed(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
