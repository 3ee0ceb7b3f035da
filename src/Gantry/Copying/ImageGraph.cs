using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>An image as it is stored: its manifests and the blobs that they name.</summary>
public sealed record ImageGraph
{
    /// <summary>The manifest or index that stands for the image.</summary>
    public required ManifestContent Root { get; init; }

    /// <summary>All manifests, each once and behind everything that it lists: the root is the last.</summary>
    public required IReadOnlyList<ManifestNode> Manifests { get; init; }

    /// <summary>The blobs of all manifests, each once; without layers that stay where they are.</summary>
    public IReadOnlyList<Descriptor> Blobs => [.. Manifests.SelectMany(node => node.Blobs).DistinctBy(blob => blob.Digest)];

    /// <summary>The layers that are not copied, because they are not to be distributed and can be had at an address of their own.</summary>
    public IReadOnlyList<Descriptor> SkippedLayers => [.. Manifests.SelectMany(node => node.SkippedLayers).DistinctBy(blob => blob.Digest)];
}

/// <summary>One manifest of an image.</summary>
public sealed record ManifestNode
{
    /// <summary>The manifest.</summary>
    public required ManifestContent Content { get; init; }

    /// <summary>The manifests that it lists.</summary>
    public required IReadOnlyList<Descriptor> Children { get; init; }

    /// <summary>The blobs that it names and that go with it.</summary>
    public required IReadOnlyList<Descriptor> Blobs { get; init; }

    /// <summary>The layers that it names and that stay where they are.</summary>
    public required IReadOnlyList<Descriptor> SkippedLayers { get; init; }

    /// <summary>What it is about, when it is an artifact about something.</summary>
    public Descriptor? Subject { get; init; }
}

/// <summary>Something that belongs to an image and is stored beside it.</summary>
/// <param name="Subject">The manifest that it is about.</param>
/// <param name="Tag">The tag that it is found by (cosign's legacy form), or null when it is a referrer.</param>
/// <param name="Graph">The thing itself.</param>
public sealed record Attachment(Digest Subject, string? Tag, ImageGraph Graph);
