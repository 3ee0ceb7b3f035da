using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Checks the branches of a declaration, each for what it is there for.</summary>
internal static class BranchRules
{
    private const string OfTrigger = "the branch of a trigger";

    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration) =>
        Compared(declaration).Select(branch => (branch.Path, branch.Role, branch.Name, Error: BranchPattern.Validate(branch.Name)))
            .Concat(Filtered(declaration).Select(branch =>
                (branch.Path, branch.Role, branch.Name, Error: BranchPattern.ValidateFilter(branch.Name))))
            .Where(branch => branch.Error is not null)
            .Select(branch => TriggerErrors.UnusableBranch(
                branch.Path, branch.Name, branch.Role, branch.Error!.Value.Reason, branch.Error.Value.Remedy));

    /// <summary>Checks the branches of a trigger.</summary>
    public static IEnumerable<Diagnostic> CheckFilter(string path, Filter branches) =>
        from branch in branches.Include.Concat(branches.Exclude)
        let error = BranchPattern.ValidateFilter(branch)
        where error is not null
        select TriggerErrors.UnusableBranch(path, branch, OfTrigger, error.Value.Reason, error.Value.Remedy);

    // Conditions compare these with the branch of a run.
    private static IEnumerable<(string Path, string Role, string Name)> Compared(PipelineDeclaration declaration)
    {
        var triggers = declaration.Triggers;
        if (triggers.PromotedBranches is { } promoted)
        {
            foreach (var branch in promoted)
                yield return ("Triggers.PromotedBranches", "a promoted branch", branch);
        }
        else if (declaration.PromoteAfterBuild)
        {
            foreach (var branch in triggers.Branches)
                yield return ("Triggers.Branches", "the branch of a trigger whose runs promote", branch);
            foreach (var branch in triggers.ExcludedBranches)
                yield return ("Triggers.ExcludedBranches", "an excluded branch of a trigger whose runs promote", branch);
        }

        if (declaration.ReleasePipeline is { Trigger: ReleaseTrigger.BuildCompletion, BuildBranches: var built })
        {
            foreach (var branch in built.Include.Concat(built.Exclude))
                yield return ("ReleasePipeline.BuildBranches", "a branch whose builds are promoted", branch);
        }
    }

    // The service alone reads these.
    private static IEnumerable<(string Path, string Role, string Name)> Filtered(PipelineDeclaration declaration)
    {
        var triggers = declaration.Triggers;
        if (triggers.PromotedBranches is not null || !declaration.PromoteAfterBuild)
        {
            foreach (var branch in triggers.Branches)
                yield return ("Triggers.Branches", OfTrigger, branch);
            foreach (var branch in triggers.ExcludedBranches)
                yield return ("Triggers.ExcludedBranches", OfTrigger, branch);
        }

        if (triggers.PullRequests is { Branches: var targets })
        {
            foreach (var branch in targets.Include.Concat(targets.Exclude))
                yield return ("Triggers.PullRequests", "the target branch of a pull request", branch);
        }

        var schedules = triggers.Schedules.Select((schedule, i) => (Path: $"Triggers.Schedules[{i}]", Schedule: schedule))
            .Concat((declaration.ReleasePipeline?.Schedules ?? []).Select((schedule, i) =>
                (Path: $"ReleasePipeline.Schedules[{i}]", Schedule: schedule)));
        foreach (var (path, schedule) in schedules)
        {
            foreach (var branch in schedule.Branches.Include.Concat(schedule.Branches.Exclude))
                yield return (path, "the branch of a schedule", branch);
        }
    }
}
