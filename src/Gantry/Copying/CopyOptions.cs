using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>The parts of an image that are copied, and the limits on concurrency. By default everything is copied.</summary>
public sealed record CopyOptions
{
    /// <summary>
    /// True when referrers of an image are copied with it: signatures, SBOMs, attestations (OCI 1.1 referrers), and their own referrers.
    /// </summary>
    public bool Referrers { get; init; } = true;

    /// <summary>The artifact types that are not copied although referrers are.</summary>
    public IReadOnlyList<string> ExcludedArtifactTypes { get; init; } = [];

    /// <summary>The annotations of artifacts that are not copied although referrers are: whatever has one of them.</summary>
    public IReadOnlyList<string> ExcludedAnnotations { get; init; } = [];

    /// <summary>
    /// True when cosign's legacy tags are copied with an image: <c>sha256-&lt;hex&gt;.sig</c>, <c>.att</c> and <c>.sbom</c>.
    /// </summary>
    public bool CosignTags { get; init; } = true;

    /// <summary>
    /// True when the parts of manifests that exist at the target are checked too, and missing ones are written. Otherwise existing
    /// manifests are trusted to be complete.
    /// </summary>
    public bool Deep { get; init; }

    /// <summary>
    /// True when non-distributable (foreign) layers are copied. Otherwise they stay at the addresses in their descriptors, as the image
    /// specification asks; layers without an address are always copied.
    /// </summary>
    public bool NonDistributableLayers { get; init; }

    /// <summary>
    /// The platforms to copy from an index. The copy then has another digest than its source. Empty copies the image as it is.
    /// </summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [];

    /// <summary>The maximum number of blobs that are transferred at the same time.</summary>
    public int MaximumConcurrentBlobs { get; init; } = 12;

    /// <summary>The maximum number of images that are copied at the same time.</summary>
    public int MaximumConcurrentImages { get; init; } = 16;

    /// <summary>Returns true when a blob is copied and verified; false for a non-distributable layer that stays where it is.</summary>
    internal bool Includes(Descriptor blob) =>
        NonDistributableLayers || blob.Urls is not { Count: > 0 } || !MediaTypes.IsNonDistributable(blob.MediaType);
}
