using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Images.Comparison;

/// <summary>The release that an image was made from by exchanging its base layers, as the annotations of its manifest say.</summary>
/// <param name="Version">The version of that release.</param>
/// <param name="Digest">The digest of the image in it.</param>
public sealed record RebasedFrom(string Version, Digest Digest)
{
    internal static RebasedFrom? Of(ManifestContent root)
    {
        var annotations = root.IsIndex ? root.ReadIndex().Annotations : root.ReadManifest().Annotations;
        return annotations?.GetValueOrDefault(RebaseAnnotations.Version) is { } version && IsVersion(version)
            && Digest.TryParse(annotations.GetValueOrDefault(RebaseAnnotations.Digest), out var digest)
                ? new RebasedFrom(version, digest)
                : null;
    }

    private static bool IsVersion(string text)
    {
        try
        {
            return ReleaseTag.Of(text).Length > 0;
        }
        catch (GantryException)
        {
            // Another tool has written it.
            return false;
        }
    }
}
