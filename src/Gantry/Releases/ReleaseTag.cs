using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>Versions as tags.</summary>
public static class ReleaseTag
{
    /// <summary>
    /// The tag of a version: the version itself, with '_' for '+', which semantic versions have and tags do not (as Helm does it).
    /// <c>GAN4010</c> when that is no tag, or when it could be the tag of something else: digests and referrers have tags, too.
    /// </summary>
    public static string Of(string version)
    {
        var tag = version.Replace('+', '_');
        var ambiguous = version.Contains('_', StringComparison.Ordinal)
            || version.StartsWith("sha256-", StringComparison.Ordinal)
            || version.StartsWith("sha512-", StringComparison.Ordinal);
        return ambiguous || !Names.IsTag(tag) ? throw ReleaseErrors.UnusableVersion(version) : tag;
    }

    /// <summary>The version that a tag stands for: what <see cref="Of"/> made of '+' was '+'. A version is its own.</summary>
    public static string VersionOf(string tag) => tag.Replace('_', '+');

    /// <summary>Whether a tag is that of a version.</summary>
    internal static bool IsOf(string tag, string version) => version.Replace('+', '_') == tag;
}
