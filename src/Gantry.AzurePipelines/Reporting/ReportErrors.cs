namespace Gantry.AzurePipelines.Reporting;

/// <summary>GAN4064: a release whose values cannot become outputs of a run.</summary>
internal static class ReportErrors
{
    private const string Remedy = "publish the release again; if the record is not from your build, find out who wrote it";

    public static GantryException NoCommit(string version, string commit) =>
        new("GAN4064", $"the record of the release '{version}' has the commit {Format.Refused(commit)}, which is no commit id", Remedy);

    public static GantryException NoBuildId(string version, string build) =>
        new("GAN4064", $"the record of the release '{version}' has the build {Format.Refused(build)}, which is no build id", Remedy);
}
