using System.Text.RegularExpressions;

namespace Gantry.Oci;

/// <summary>Tags that are no names but point to what belongs to an image: the referrers fallback (<c>sha256-…</c>) and cosign's (<c>sha256-….sig</c>).</summary>
public static partial class DigestTags
{
    /// <summary>Whether the tag is of that kind. It goes along with its image, and not on its own.</summary>
    public static bool IsDigestTag(string tag) => Pattern().IsMatch(tag);

    [GeneratedRegex(@"\A(sha256-[0-9a-f]{64}|sha512-[0-9a-f]{64,128})(\.(sig|att|sbom))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
