using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>The manifests of an image and the blobs that they refer to.</summary>
internal sealed record ImageGraph
{
    /// <summary>The manifest or index of the image.</summary>
    public required ManifestContent Root { get; init; }

    /// <summary>All manifests, each once and after everything that it lists: the root is the last.</summary>
    public required IReadOnlyList<ManifestNode> Manifests { get; init; }

    /// <summary>
    /// The blobs of all manifests, without skipped layers; each once, unless two manifests give it different sizes. One of them is wrong,
    /// which is found when both are written.
    /// </summary>
    public IReadOnlyList<Descriptor> Blobs =>
        [.. Manifests.SelectMany(node => node.Blobs).DistinctBy(blob => (blob.Digest, blob.Size))];

    /// <summary>The layers that are not copied, because they are non-distributable and have an address of their own.</summary>
    public IReadOnlyList<Descriptor> SkippedLayers => [.. Manifests.SelectMany(node => node.SkippedLayers).DistinctBy(blob => blob.Digest)];
}

/// <summary>One manifest of an image.</summary>
internal sealed record ManifestNode
{
    /// <summary>The manifest.</summary>
    public required ManifestContent Content { get; init; }

    /// <summary>The manifests that an index lists.</summary>
    public required IReadOnlyList<Descriptor> Children { get; init; }

    /// <summary>The blobs of the manifest that are copied.</summary>
    public required IReadOnlyList<Descriptor> Blobs { get; init; }

    /// <summary>The layers of the manifest that are not copied.</summary>
    public required IReadOnlyList<Descriptor> SkippedLayers { get; init; }

    /// <summary>The subject that the manifest refers to, when it is an attachment.</summary>
    public Descriptor? Subject { get; init; }
}

/// <summary>Something that belongs to an image and is stored beside it, such as a signature or an SBOM.</summary>
/// <param name="Subject">The manifest that the attachment refers to.</param>
/// <param name="Tag">The tag of the attachment (cosign's legacy form), or null when it is a referrer.</param>
/// <param name="Graph">The manifests and blobs of the attachment.</param>
internal sealed record Attachment(Digest Subject, string? Tag, ImageGraph Graph);
