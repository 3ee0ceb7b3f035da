namespace Gantry.AzurePipelines.Generation;

/// <summary>GAN8034 to GAN8067: errors of what starts runs, and of the branches that are promoted.</summary>
internal static class TriggerErrors
{
    public static Diagnostic UnusableBranch(string path, string branch, string role, string reason, string remedy) =>
        Error("GAN8051", $"'{branch}' cannot be {role}: {reason}", remedy, path);

    public static Diagnostic NoPromotedBranches(string path) =>
        Error(
            "GAN8066",
            "the build pipeline promotes, but no promoted branch or tag is named",
            "name the promoted branches, or '*' for all",
            path);

    public static Diagnostic ScheduledImage(string path) =>
        Warning(
            "GAN8067",
            "a scheduled run of the release pipeline promotes the newest image that Azure DevOps knows, whatever its tag",
            "let images or the end of a build start it instead, unless this is intended",
            path);

    public static Diagnostic RegistryOfOtherCloud(string path, string address) =>
        Warning(
            "GAN8034",
            $"the base registry '{address}' is outside of the public cloud of Azure, where pushes are not documented to start a pipeline",
            "try it with one image, or let the end of the build start the release pipeline",
            path);

    public static Diagnostic ScheduleNeverPromotes(string path, string cron) =>
        Warning(
            "GAN8036",
            $"the runs of the schedule '{cron}' promote nothing, as none of its branches is promoted",
            "name a promoted branch in the schedule, unless its runs are only to build and test",
            path);

    private static Diagnostic Error(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Error, problem, remedy, path);

    private static Diagnostic Warning(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Warning, problem, remedy, path);
}
