using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Generation;

/// <summary>The events that start the workflow which builds.</summary>
internal static class RunTriggers
{
    private const string Heads = "refs/heads/";

    public static WorkflowTriggers Of(WorkflowDeclaration declaration, EnvironmentSet environments)
    {
        var triggers = declaration.Pipeline.Triggers;
        IReadOnlyList<WorkflowInput> inputs = declaration.Pipeline.PromoteAfterBuild && triggers.ChooseEnvironment
            ? [RunInputs.PromoteTo(environments)]
            : [];
        return new()
        {
            Push = triggers.Branches.Count == 0 && triggers.Tags.IsEmpty
                ? null
                : new PushEvent
                {
                    Branches = BranchesOf(triggers),
                    Tags = TagsOf(triggers.Tags),
                    Paths = PathsOf(triggers),
                    PathsIgnore = IgnoredPathsOf(triggers),
                },
            PullRequest = declaration.PullRequestBranches.Count == 0
                ? null
                : new PushEvent
                {
                    Branches = declaration.PullRequestBranches,
                    Paths = PathsOf(triggers),
                    PathsIgnore = IgnoredPathsOf(triggers),
                },
            Schedules = [.. triggers.Schedules.Select(schedule => schedule.Cron)],
            Inputs = declaration.ManualRuns ? inputs : null,
        };
    }

    // The last pattern that matches decides, and exclusions alone match nothing.
    private static IReadOnlyList<string> BranchesOf(PipelineTriggers triggers) => triggers.Branches.Count == 0
        ? []
        : [.. triggers.Branches.Select(PatternOf), .. triggers.ExcludedBranches.Select(branch => "!" + PatternOf(branch))];

    private static IReadOnlyList<string> TagsOf(Filter tags) => tags.IsEmpty
        ? []
        : [.. tags.Include.DefaultIfEmpty("**"), .. tags.Exclude.Select(tag => "!" + tag)];

    // In GitHub '*' ends at a '/'. The conditions of jobs compare the beginning of the name, and this filter must match what they do.
    private static string PatternOf(string branch)
    {
        var name = branch.StartsWith(Heads, StringComparison.Ordinal) ? branch[Heads.Length..] : branch;
        return name.EndsWith('*') && !name.EndsWith("**", StringComparison.Ordinal) ? name + "*" : name;
    }

    // GitHub takes either paths or ignored paths; exclusions among paths begin with '!'.
    private static IReadOnlyList<string> PathsOf(PipelineTriggers triggers) => triggers.Paths.Include.Count == 0
        ? []
        : [.. triggers.Paths.Include, .. triggers.Paths.Exclude.Select(path => "!" + path)];

    private static IReadOnlyList<string> IgnoredPathsOf(PipelineTriggers triggers) =>
        triggers.Paths.Include.Count == 0 ? triggers.Paths.Exclude : [];
}
