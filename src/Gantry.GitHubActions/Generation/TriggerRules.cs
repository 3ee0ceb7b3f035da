using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Validation;

namespace Gantry.GitHubActions.Generation;

/// <summary>Checks the triggers of a declaration, and reports those that Azure Pipelines alone has.</summary>
internal static class TriggerRules
{
    private const string Path = "Pipeline.Triggers";

    public static IEnumerable<Diagnostic> Check(PipelineTriggers triggers) =>
        [.. CheckBranches(triggers), .. CheckSchedules(triggers), .. CheckOthers(triggers)];

    private static IEnumerable<Diagnostic> CheckBranches(PipelineTriggers triggers)
    {
        if (triggers is { PromotedBranches.Count: 0 } or { PromotedBranches: null, Branches.Count: 0, Tags.IsEmpty: true })
            yield return DeclarationErrors.NoPromotedBranches(Path + ".PromotedBranches");
        var promoted = (triggers.PromotedBranches ?? triggers.Branches)
            .Select(branch => (Name: Path + ".PromotedBranches", Branch: branch));
        var excluded = triggers.PromotedBranches is null ? triggers.ExcludedBranches : [];
        foreach (var (name, branch) in promoted.Concat(excluded.Select(branch => (Path + ".ExcludedBranches", branch))))
        {
            if (FindError(branch) is { } reason)
                yield return DeclarationErrors.UnusableBranch(name, branch, reason);
        }
    }

    private static IEnumerable<Diagnostic> CheckSchedules(PipelineTriggers triggers)
    {
        for (var i = 0; i < triggers.Schedules.Count; i++)
        {
            if (CronSchedule.Validate(triggers.Schedules[i].Cron) is { } reason)
                yield return DeclarationErrors.MalformedSchedule($"{Path}.Schedules[{i}]", triggers.Schedules[i].Cron, reason);
        }
    }

    // GitHub runs schedules on the default branch only, each time.
    private static IEnumerable<Diagnostic> CheckOthers(PipelineTriggers triggers)
    {
        if (triggers.Batch)
            yield return DeclarationErrors.OnlyInAzureDevOps(Path + ".Batch", "the batching of pushes");
        if (triggers.PullRequests is not null)
            yield return DeclarationErrors.OnlyInAzureDevOps(
                Path + ".PullRequests", "the pull requests (PullRequestBranches names those of GitHub)");
        if (triggers.Schedules.Any(schedule => !schedule.Branches.IsEmpty))
            yield return DeclarationErrors.OnlyInAzureDevOps(Path + ".Schedules", "the branches of schedules");
        if (triggers.Schedules.Any(schedule => schedule.Batch))
            yield return DeclarationErrors.OnlyInAzureDevOps(Path + ".Schedules", "the batching of schedules");
    }

    // A condition compares a branch as a whole or by its beginning.
    private static string? FindError(string branch)
    {
        if (string.IsNullOrWhiteSpace(branch))
            return "it has no name";
        if (branch[..^1].Contains('*', StringComparison.Ordinal))
            return "'*' stands at the end only";
        return branch.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || "~^:?[\\'".Contains(c, StringComparison.Ordinal))
            ? "git allows no such name"
            : null;
    }
}
