using Gantry.Copying;
using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>The steps of a publication, determined without writing anything.</summary>
public sealed class PublicationPlan
{
    internal PublicationPlan(Release release, IReadOnlyList<PlannedPublication> images)
    {
        Release = release;
        Images = images;
    }

    /// <summary>The release that would be published.</summary>
    public Release Release { get; }

    /// <summary>True when the release is in the base registry already.</summary>
    public bool NothingMoves => Images.All(image => image.IsPublished);

    internal IReadOnlyList<PlannedPublication> Images { get; }
}

/// <summary>An image that would be published.</summary>
/// <param name="Target">The repository and the tag.</param>
/// <param name="Digest">The digest of the image.</param>
/// <param name="TagBefore">The digest that the tag has now; null when it does not exist.</param>
/// <param name="IsPublished">True when the image has its tag and its release record already.</param>
internal sealed record PlannedPublication(CopyTarget Target, Digest Digest, Digest? TagBefore, bool IsPublished);
