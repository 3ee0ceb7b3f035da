using System.Text.RegularExpressions;

namespace Gantry.Oci;

/// <summary>
/// Tags that do not name a version but point to the attachments of an image: the referrers fallback (<c>sha256-…</c>) and cosign's
/// (<c>sha256-….sig</c>), or to what stands for an environment (<c>sha256-….hold</c>).
/// </summary>
public static partial class DigestTags
{
    /// <summary>Returns true when the tag is of that kind. Such a tag is copied with its image, never by itself.</summary>
    public static bool IsDigestTag(string tag) => Pattern().IsMatch(tag);

    [GeneratedRegex(
        @"\A(sha256-[0-9a-f]{64}|sha512-[0-9a-f]{64,128})(\.(sig|att|sbom|hold))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
