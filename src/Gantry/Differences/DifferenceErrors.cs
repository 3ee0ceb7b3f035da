using Gantry.Oci;

namespace Gantry.Differences;

/// <summary>GAN4801 to GAN4806: what differs between two releases cannot be read.</summary>
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
}
