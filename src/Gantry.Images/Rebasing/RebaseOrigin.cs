using Gantry.Oci;

namespace Gantry.Images.Rebasing;

/// <summary>What a rebased image says of itself.</summary>
/// <param name="FromVersion">The version of the release that it is made from.</param>
/// <param name="FromDigest">The image that it is made from.</param>
/// <param name="Version">Its own version.</param>
/// <param name="Created">Its time (RFC 3339).</param>
internal sealed record RebaseOrigin(string FromVersion, Digest FromDigest, string Version, string Created)
{
    private const string VersionLabel = "org.opencontainers.image.version";

    /// <summary>Returns the standard labels of the image as a build on the new base image would write them.</summary>
    /// <param name="before">The labels as they are.</param>
    /// <param name="baseImage">The new base image; null when the platforms have different ones.</param>
    /// <param name="withOrigin">True to add what the image was made from.</param>
    public SortedDictionary<string, string> Annotate(
        IReadOnlyDictionary<string, string>? before, ImageReference? baseImage, bool withOrigin)
    {
        var annotations = new SortedDictionary<string, string>(
            (before ?? new Dictionary<string, string>()).ToDictionary(), StringComparer.Ordinal)
        {
            [StandardLabels.Created] = Created,
        };
        annotations.Remove(RebaseAnnotations.Version);
        annotations.Remove(RebaseAnnotations.Digest);
        if (annotations.ContainsKey(VersionLabel))
            annotations[VersionLabel] = Version;
        if (baseImage is not null)
            StandardLabels.AddBase(annotations, baseImage);
        if (withOrigin)
        {
            annotations[RebaseAnnotations.Version] = FromVersion;
            annotations[RebaseAnnotations.Digest] = FromDigest.ToString();
        }

        return annotations;
    }
}
