using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Finds schedules of a pipeline that promotes whose runs promote nothing.</summary>
internal static class ScheduleRules
{
    public static IEnumerable<Diagnostic> Check(PipelineDeclaration declaration)
    {
        if (!declaration.PromoteAfterBuild)
            yield break;
        for (var i = 0; i < declaration.Triggers.Schedules.Count; i++)
        {
            var schedule = declaration.Triggers.Schedules[i];
            if (!MayPromote(schedule, declaration.Triggers))
                yield return TriggerErrors.ScheduleNeverPromotes($"Triggers.Schedules[{i}]", schedule.Cron);
        }
    }

    // A schedule without branches runs on those that the service chooses. A scheduled run is never one of a tag.
    private static bool MayPromote(Schedule schedule, PipelineTriggers triggers)
    {
        if (triggers.PromotedBranches is null && triggers.Branches.Count == 0)
            return false;
        if (schedule.Branches.Include.Count == 0)
            return true;
        var promoted = (triggers.PromotedBranches ?? triggers.Branches).Where(branch => !IsExcluded(branch, schedule.Branches.Exclude));
        var scheduled = schedule.Branches.Include.Where(branch =>
            triggers.PromotedBranches is not null || !IsExcluded(branch, triggers.ExcludedBranches));
        return scheduled.Any(branch => promoted.Any(other => BranchPattern.Overlap(ToPrefix(branch), other)));
    }

    private static bool IsExcluded(string branch, IEnumerable<string> excluded) =>
        excluded.Any(pattern => ToPrefix(pattern) == pattern && BranchPattern.Covers(pattern, branch));

    // Filters have wildcards anywhere: what comes after the first one could match anything.
    private static string ToPrefix(string pattern) =>
        pattern.IndexOfAny(['*', '?']) is >= 0 and var at ? pattern[..at] + "*" : pattern;
}
