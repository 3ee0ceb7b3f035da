using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>One image to copy, and its targets.</summary>
public sealed class CopyRequest
{
    /// <summary>The repository that the image is in.</summary>
    public required IImageRepository Source { get; init; }

    /// <summary>The digest of the image; takes precedence over the tag.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The tag of the image.</summary>
    public string? Tag { get; init; }

    /// <summary>
    /// The targets, which are copied to at the same time. In one session every request has the same number of targets; targets at the same
    /// position in the list succeed or fail together.
    /// </summary>
    public required IReadOnlyList<CopyTarget> Targets { get; init; }
}

/// <summary>A target of a copy.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Tag">The tag to write, last of all; null when the image is not tagged.</param>
public sealed record CopyTarget(IImageRepository Repository, string? Tag)
{
    /// <summary>The reason for moving a tag that exists with another digest; null or a blank one refuses to move it.</summary>
    public string? MoveTagReason { get; init; }

    /// <summary>
    /// Finds what the tag points to now, or null when it does not exist. Throws <c>GAN4035</c> when that is another image than the one to
    /// write, and there is no reason for moving the tag.
    /// </summary>
    public async Task<Descriptor?> FindTagAsync(Digest wanted, CancellationToken cancellationToken)
    {
        var there = Tag is null ? null : await Repository.ReadTagAsync(Tag, cancellationToken);
        EnsureTagIsFree(there?.Digest, wanted);
        return there;
    }

    internal void EnsureTagIsFree(Digest? there, Digest wanted)
    {
        if (there is { } digest && digest != wanted && string.IsNullOrWhiteSpace(MoveTagReason))
            throw CopyErrors.TagTaken(Repository.Location, Tag!, digest, wanted);
    }

    /// <inheritdoc/>
    public override string ToString() => Tag is null ? Repository.Location : $"{Repository.Location}:{Tag}";
}
