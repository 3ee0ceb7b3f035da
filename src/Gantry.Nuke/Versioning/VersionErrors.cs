namespace Gantry.Nuke.Versioning;

/// <summary>GAN7006 to GAN7009, GAN7062: versions that cannot be determined.</summary>
internal static class VersionErrors
{
    public static GantryException NoGit(string folder, string reason) =>
        new(
            "GAN7006",
            $"the version cannot be determined from {folder}: {reason}",
            "build in a git clone, or specify the version with --release-version");

    public static GantryException UncommittedUnknown(string folder, string reason) =>
        new(
            "GAN7006",
            $"the version cannot be determined from {folder}, whose uncommitted changes git cannot read: {reason}",
            "commit, ignore or remove what git names, or specify the version with --release-version");

    public static GantryException ShallowClone(string folder) =>
        new(
            "GAN7007",
            $"{folder} is a shallow clone, from which GitVersion would calculate a wrong version",
            "fetch the history (git fetch --unshallow; fetchDepth: 0 in Azure Pipelines), or specify the version with --release-version");

    public static GantryException IncompleteCheckout(string folder, string missing) =>
        new(
            "GAN7062",
            $"the version cannot be determined from {folder}: a part of its commit is not checked out ({missing})",
            "check it out (git submodule update --init --recursive, git sparse-checkout disable, git lfs pull; Submodules and LargeFiles "
                + "of [PromotionPipeline] in a generated pipeline), or specify the version with --release-version");

    public static GantryException GitVersionFailed(string reason) =>
        new(
            "GAN7008",
            $"GitVersion could not determine the version: {reason}",
            "correct what it names, often a tag or GitVersion.yml, or specify the version with --release-version");

    public static GantryException GitVersionMissing() =>
        new(
            "GAN7008",
            "the version cannot be determined, because the build project does not download GitVersion",
            "add <PackageDownload Include=\"GitVersion.Tool\" Version=\"[6.8.2]\" /> to build/_build.csproj (GitVersion.MsBuild where the "
                + "feed lacks it), or specify the version with --release-version");

    public static GantryException NotAVersion(string text) =>
        new("GAN7009", $"{Format.Refused(text)} is not a version", "write it as 1.4.2 or 1.5.0-rc.1 (semver.org 2.0.0)");
}
