using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Nuke.Rebuilding;

/// <summary>GAN7080 to GAN7092: releases that are built again.</summary>
internal static class RebuildingErrors
{
    private const string PublishAgain = "build a new release from a commit, in process, and rebuild that one";

    public static GantryException Uncommitted(Release release) =>
        new(
            "GAN7080",
            $"the release {release.Version} was built from uncommitted changes, which no commit has",
            PublishAgain);

    public static GantryException NoCommit(Release release) =>
        new("GAN7081", $"the release {release.Version} names no commit: {Format.Refused(release.Commit)}", PublishAgain);

    public static GantryException UnknownCommit(Release release, string folder, string reason) =>
        new(
            "GAN7081",
            $"the commit {release.Commit} of the release {release.Version} cannot be checked out from {folder}: {reason}",
            "fetch the history that has it (git fetch origin), and run it in a clone of the repository of the release");

    public static GantryException NotInProcess(Release release, ReleaseImage image) =>
        new(
            "GAN7082",
            $"the image {image.Name} of the release {release.Version} was built with a Docker engine, and each build has another digest",
            PublishAgain)
        {
            Actions = [RemedyAction.BuildWithoutEngine],
        };

    public static GantryException OnStandIn(Release release, ReleaseImage image) =>
        new(
            "GAN7083",
            $"the image {image.Name} of the release {release.Version} was built on a stand-in base image, which is made of one machine",
            "build it where the registry of the base image can be reached");

    public static GantryException NoProvenance(Release release, ReleaseImage image, string location, IReadOnlyList<string> reasons) =>
        new(
            "GAN7084",
            $"{location} has no provenance that counts for the image {image.Name} of the release {release.Version}"
                + $"{(reasons.Count == 0 ? "" : ": " + string.Join("; ", reasons.Take(3)))}",
            "publish the release again, which signs how it was built, or find out who wrote what is there");

    public static GantryException OtherBaseImage(ReleaseImage image, Digest provenance, IEnumerable<ImageReference> recorded) =>
        new(
            "GAN7085",
            $"the provenance of {image.Name} names the base image {provenance}, and the image itself {Format.List(recorded)}",
            "find out who wrote it, and publish the release again");

    public static GantryException OtherSdk(Release release, string recorded, string present) =>
        new(
            "GAN7086",
            $"the release {release.Version} was built with the .NET SDK {recorded}, and here its commit selects {present}, "
                + "which gives other bytes",
            $"install the .NET SDK {recorded} as the one that global.json of the commit selects, or rebuild with the other one "
                + "(--allow-other-sdk)");

    public static GantryException NoSdk(Release release, string recorded) =>
        new(
            "GAN7087",
            $"no .NET SDK is installed that global.json of the release {release.Version} accepts",
            $"install the .NET SDK {recorded}");

    public static GantryException MissingSources(Release release, string missing) =>
        new(
            "GAN7088",
            $"a part of the commit of the release {release.Version} cannot be checked out: {missing}",
            "fetch it into this working copy (git submodule update --init --recursive, git lfs fetch --all), and rebuild again");

    public static GantryException NoBuildScript(Release release, string script) =>
        new(
            "GAN7089",
            $"the commit of the release {release.Version} has no {script} at its root, which would build it",
            "rebuild on an operating system whose script the commit has");

    public static GantryException BuildFailed(Release release, int exitCode) =>
        new(
            "GAN7090",
            $"the build of the commit of the release {release.Version} failed with exit code {exitCode}",
            "read its output above, correct what it names on this machine, and rebuild again");

    public static GantryException NotBuilt(Release release, string image) =>
        new(
            "GAN7091",
            $"the build of the commit of the release {release.Version} did not build the image {image}",
            "find out why its build class does not declare the image");

    public static GantryException OtherBaseImageUsed(
        string image, IEnumerable<ImageReference> recorded, IEnumerable<ImageReference> used) =>
        new(
            "GAN7091",
            $"{image} was built on {Format.List(used)} instead of {Format.List(recorded)}: the build of that commit does not know "
                + "--base-image-digests, and the tag points elsewhere by now",
            "rebuild a release of a commit that has this version of Gantry, or one whose Dockerfile names the digest");

    public static GantryException Differs(Release release, IReadOnlyList<string> images, string first) =>
        new(
            "GAN7092",
            $"the release {release.Version} was not rebuilt with the same digests: {string.Join(", ", images)} "
                + $"{(images.Count == 1 ? "differs" : "differ")}, first in {first}",
            "find out where the difference comes from, as reported above: another input, or another commit than the recorded one");
}
