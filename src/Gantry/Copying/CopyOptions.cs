using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>What goes along with an image, and how much at once. Everything goes along unless it is left out here.</summary>
public sealed record CopyOptions
{
    /// <summary>Whether what refers to an image goes along: signatures, SBOMs, attestations (OCI 1.1 referrers), and what refers to those.</summary>
    public bool Referrers { get; init; } = true;

    /// <summary>The types of artifacts that stay behind although referrers go along.</summary>
    public IReadOnlyList<string> ExcludedArtifactTypes { get; init; } = [];

    /// <summary>Whether cosign's legacy tags go along: <c>sha256-&lt;hex&gt;.sig</c>, <c>.att</c> and <c>.sbom</c>.</summary>
    public bool CosignTags { get; init; } = true;

    /// <summary>Whether to look below manifests that exist at the target and to write what is missing there; otherwise they are trusted.</summary>
    public bool Deep { get; init; }

    /// <summary>
    /// Whether layers are copied that are not to be distributed. Otherwise they stay at the addresses that their descriptors name,
    /// as the image specification asks; those without an address are always copied.
    /// </summary>
    public bool NonDistributableLayers { get; init; }

    /// <summary>Only these platforms of an index. The copy then has another digest than its source; empty takes the image as it is.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [];

    /// <summary>How many blobs move at once.</summary>
    public int MaximumConcurrentBlobs { get; init; } = 12;

    /// <summary>How many images are worked on at once.</summary>
    public int MaximumConcurrentImages { get; init; } = 16;
}
