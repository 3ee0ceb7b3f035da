using Gantry.Oci;

namespace Gantry.Differences;

/// <summary>GAN4801 to GAN4811: what differs between two releases cannot be read.</summary>
internal static class DifferenceErrors
{
    public static GantryException NoClone(string folder, string reason) =>
        new(
            "GAN4801",
            $"the commits cannot be listed: git cannot read '{folder}' ({reason})",
            "run it in a clone of the repository that was built");

    public static GantryException ShallowClone(string folder) =>
        new(
            "GAN4802",
            $"the commits cannot be listed: the clone '{folder}' is shallow, and has not the whole history",
            "run 'git fetch --unshallow', or check out the whole history in the pipeline");

    public static GantryException UnknownCommit(string commit, string folder) =>
        new(
            "GAN4803",
            $"the commits cannot be listed: {Format.Refused(commit)} is no commit of the clone '{folder}'",
            "run 'git fetch' in it, or use a clone of the repository that was built");

    public static GantryException LogTooLong(string folder) =>
        new(
            "GAN4803",
            $"the commits cannot be listed: git writes more than {Limits.CommitLogLength} characters about them in '{folder}' "
                + $"(limit {nameof(Limits.CommitLogLength)})",
            "find out who wrote such messages");

    public static GantryException NoSbom(string location, Digest digest) =>
        new(
            "GAN4804",
            $"the packages cannot be compared: there is no SBOM that can be read beside {digest} in {location}",
            "publish the release with SBOMs, or attach one as CycloneDX");

    public static GantryException TooManySboms(string location, Digest digest, int count) =>
        new(
            "GAN4804",
            $"the packages cannot be compared: there are {count} candidates for SBOMs beside {digest} in {location}, and at most "
                + $"{Limits.ComparedSboms} are read (limit {nameof(Limits.ComparedSboms)})",
            "find out who wrote them, and delete those that are not needed");

    public static GantryException Missing(string location, Digest digest) =>
        new(
            "GAN4805",
            $"{digest} is to be compared, and is not in {location}",
            "publish it again, or compare another release");

    public static GantryException TooLarge(string what, string location, long size, string limit) =>
        new(
            "GAN4806",
            $"{what} in {location} cannot be compared: it has {Format.Count(size, "byte")} (limit {limit})",
            "find out who wrote the image; images that Gantry builds stay far below");

    public static GantryException NothingThere(string place) =>
        new("GAN4807", $"there is no release in {place} to compare", "promote one there, or name another environment");

    public static GantryException RegionsDiffer(string environment, IEnumerable<string> releases, string example) =>
        new(
            "GAN4808",
            $"the regions of {environment} have different releases: {string.Join(", ", releases)}",
            $"name one region, as in '{example}'");

    public static GantryException UnknownName(string name, IEnumerable<string> environments) =>
        new(
            "GAN4809",
            $"{Format.Refused(name)} is neither an environment nor the version or digest of a release",
            Format.Choice(environments, "name a version", "name an environment:") + ", or a version as 1.4.2, or a digest as sha256:…");

    public static GantryException UnknownRegion(string environment, string region, IEnumerable<string> known) =>
        new("GAN4810", $"{environment} has no region {Format.Refused(region)}", Format.Choice(known, "leave the region out"));

    public static GantryException NotRecorded(string place, string version) =>
        new(
            "GAN4811",
            $"the commit of {version} in {place} is not known: no record of that release is beside its images",
            "publish the release again, or find out who put another image over it");
}
