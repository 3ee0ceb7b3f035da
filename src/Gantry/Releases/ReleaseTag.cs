using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>Converts versions to tags and back.</summary>
public static class ReleaseTag
{
    /// <summary>
    /// Returns the tag of a version: the version itself, with '_' for '+', which semantic versions allow and tags do not (Helm does the
    /// same). Throws <c>GAN4010</c> when that is not a valid tag, or when it could be confused with the tag of a digest or of referrers.
    /// </summary>
    public static string Of(string version)
    {
        var tag = version.Replace('+', '_');
        var ambiguous = version.Contains('_', StringComparison.Ordinal)
            || version.StartsWith("sha256-", StringComparison.Ordinal)
            || version.StartsWith("sha512-", StringComparison.Ordinal);
        return ambiguous || !Names.IsTag(tag) ? throw ReleaseErrors.UnusableVersion(version) : tag;
    }

    /// <summary>Returns the version of a tag: the reverse of <see cref="Of"/>. A version is returned unchanged.</summary>
    public static string VersionOf(string tag) => tag.Replace('_', '+');

    /// <summary>Returns true when the tag is that of the version.</summary>
    internal static bool IsOf(string tag, string version) => version.Replace('+', '_') == tag;
}
