using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>One image to copy, and where to.</summary>
public sealed record CopyRequest
{
    /// <summary>Where the image is.</summary>
    public required IImageRepository Source { get; init; }

    /// <summary>The digest of the image; wins over the tag.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The tag of the image.</summary>
    public string? Tag { get; init; }

    /// <summary>Where to copy it, all at once. In one session every request has the same number of targets, and those at the same place in the list succeed or fail together.</summary>
    public required IReadOnlyList<CopyTarget> Targets { get; init; }
}

/// <summary>Where to copy an image.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Tag">The tag to write, last of all; null leaves the image untagged.</param>
public sealed record CopyTarget(IImageRepository Repository, string? Tag)
{
    /// <summary>Why the tag may be moved when it exists with another digest; null refuses to.</summary>
    public string? MoveTagReason { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Tag is null ? Repository.Location : $"{Repository.Location}:{Tag}";
}
