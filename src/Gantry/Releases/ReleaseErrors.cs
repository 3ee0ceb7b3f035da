using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>Errors of releases and their records: GAN401x, GAN402x, GAN4049 to GAN4055, GAN5015.</summary>
internal static class ReleaseErrors
{
    public static GantryException UnusableVersion(string version) =>
        new(
            "GAN4010",
            $"the version {Format.Refused(version)} cannot become a tag",
            "use a semantic version of at most 128 characters, for example 1.4.2");

    public static GantryException MalformedRelease(string origin, string reason, Exception? inner = null) =>
        new("GAN4011", $"the release record {origin} cannot be read: {reason}", "publish the release again", inner)
        {
            Actions = [RemedyAction.Publish],
        };

    public static GantryException UnsupportedReleaseSchema(string origin, int schema) =>
        new(
            "GAN4012",
            $"the release record {origin} has schema {schema}, but this version reads schema {Release.CurrentSchema}",
            "use the version of Gantry that wrote it, or a newer one");

    public static GantryException ReleaseFileMissing(string path) =>
        new("GAN4013", $"there is no release record at '{path}'", "publish a release first, or name one that exists")
        {
            Actions = [RemedyAction.Publish, RemedyAction.NameRelease],
        };

    public static GantryException UnknownRelease(string version, string location) =>
        new("GAN4014", $"there is no release {Name(version)} in {location}", "check the version and the base registry, or publish it first")
        {
            Actions = [RemedyAction.Publish],
        };

    public static GantryException ReleaseWithoutRecord(string version, string location, Digest digest) =>
        new(
            "GAN4015",
            $"the image {location}:{version} ({digest}) has no release record of that version",
            "publish it: only what a build has published can be promoted") { Actions = [RemedyAction.Publish] };

    public static GantryException BaseTagMoved(string location, string tag, Digest? there, Digest released) =>
        new("GAN4021",
            there is { } digest
                ? $"the tag {location}:{tag} no longer points to the released digest ({digest}, not {released})"
                : $"the tag {location}:{tag} of the release no longer exists (it was {released})",
            "find out who moved it, and publish a new release");

    public static GantryException StandInRefused(string image, string location) =>
        new(
            "GAN4023",
            $"the image '{image}' is built on the stand-in base image of one machine and must not go to {location}",
            "build it again where the registry of its base image can be reached");

    public static GantryException NoReleaseNamed() =>
        new("GAN4049", "no release is named", "name one by its version or by the digest of an image")
        {
            Actions = [RemedyAction.NameRelease, RemedyAction.NameReleaseByDigest],
        };

    public static GantryException NotOfRelease(Release release, Digest digest) =>
        new("GAN4050",
            $"the release '{release.Version}' has no image {digest}, "
                + $"but {string.Join(", ", release.Images.Select(image => $"{image.Name} {image.Digest}"))}",
            "name the release that was pushed: its tag may have been moved, or the image was not published as a release");

    public static GantryException DigestOfNoRelease(Digest digest, string location) =>
        new("GAN4051", $"no release in {location} has an image {digest}", "publish it: only what a build has published can be promoted")
        {
            Actions = [RemedyAction.Publish],
        };

    public static GantryException DigestOfSeveralReleases(Digest digest, IEnumerable<string> versions) =>
        new("GAN4052", $"the image {digest} belongs to several releases: {string.Join(", ", versions)}", "name the version")
        {
            Actions = [RemedyAction.NameRelease],
        };

    public static GantryException DifferingRecords(string version, string one, string other, IReadOnlyList<string> differences) =>
        new("GAN4054",
            $"the release '{version}' has records that differ in {string.Join(", ", differences)}: {one}, and {other}",
            "find out who wrote them, and publish another version: their content does not show which one is right");

    public static GantryException RecordedOtherwise(string version, string origin, IReadOnlyList<string> differences) =>
        new("GAN4054",
            $"the release record {origin} of the version '{version}' differs from what would be published: "
                + $"in {string.Join(", ", differences)}",
            "publish another version");

    public static GantryException ForeignImages(string version, IEnumerable<string> images) =>
        new("GAN4055",
            $"the record of the release '{version}' names images that this build does not declare: {string.Join(", ", images)}",
            "find out who wrote the record, or promote the release with the build of its commit");

    public static GantryException UnpinnedImage(string version, string location, Digest digest) =>
        new("GAN4055",
            $"the record of the release '{version}' does not name {location}, which has an image of that version ({digest})",
            "find out who pushed it or wrote the record, and publish another version");

    public static GantryException FutureRelease(Release release) =>
        new("GAN5015",
            $"the release '{release.Version}' cannot be promoted, because the date of its record, {Format.Time(release.Created)}, "
                + "is in the future",
            "correct the clock of this machine or of the one that published, and publish another version");

    // A token can have the form of a tag, and hardly that of a version.
    private static string Name(string version) =>
        version.Length < 32 && char.IsAsciiDigit(version[0]) && version.Contains('.', StringComparison.Ordinal)
            ? $"'{version}'"
            : Format.Refused(version);
}
