using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>Converts versions to tags and back.</summary>
public static class ReleaseTag
{
    /// <summary>The tag under which a repository keeps records of what was deleted from it; no version.</summary>
    internal const string Pruned = "gantry-pruned";

    /// <summary>
    /// Returns the tag of a version: the version itself, with '_' for '+', which semantic versions allow and tags do not (Helm does the
    /// same). Throws <c>GAN4010</c> when that is not a valid tag, or when it could be confused with the tag of a digest or of referrers.
    /// </summary>
    public static string Of(string version) => IsVersion(version) ? ToTag(version) : throw ReleaseErrors.UnusableVersion(version);

    /// <summary>Returns the version of a tag: the reverse of <see cref="Of"/>. A version is returned unchanged.</summary>
    public static string VersionOf(string tag) => tag.Replace('_', '+');

    /// <summary>Returns true when the version can be a tag: <see cref="Of"/> returns it.</summary>
    internal static bool IsVersion(string version) =>
        Names.IsTag(ToTag(version))
        && version != Pruned
        && !version.Contains('_', StringComparison.Ordinal)
        && !version.StartsWith("sha256-", StringComparison.Ordinal)
        && !version.StartsWith("sha512-", StringComparison.Ordinal);

    private static string ToTag(string version) => version.Replace('+', '_');
}
