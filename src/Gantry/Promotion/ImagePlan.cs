using System.Collections.Frozen;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Promotion;

/// <summary>The steps for one image at one target.</summary>
internal sealed record ImagePlan : PlannedImage
{
    /// <summary>The source.</summary>
    public required IImageRepository Source { get; init; }

    /// <summary>The digest that the tag points to now; null when the tag does not exist.</summary>
    public required Digest? TagBefore { get; init; }

    /// <summary>The manifests to write, each after what it lists; empty when the image exists at the target.</summary>
    public required IReadOnlyList<Descriptor> Manifests { get; init; }

    /// <summary>All blobs of the manifests to write, with the action for each.</summary>
    public required IReadOnlyList<PlannedBlob> Blobs { get; init; }

    /// <summary>The attachments of the image at its source: signatures, SBOMs, attestations, the release record.</summary>
    public required IReadOnlyList<Attachment> Attachments { get; init; }

    /// <summary>The attachments that are missing at the target.</summary>
    public required IReadOnlyList<Attachment> MissingAttachments { get; init; }

    /// <summary>
    /// The image in the base registry, whose attachments are compared when the plan is applied: it is there with another release. Null when
    /// <see cref="Attachments"/> were read.
    /// </summary>
    public PlannedSource? Unread { get; init; }

    /// <summary>The latest record of this release at this target; null when there is none, or the tag does not exist.</summary>
    public PromotionRecord? LastRecord { get; init; }

    /// <summary>The attestation of the promotion before, of whatever release, at the same target; null when there is none.</summary>
    public Digest? Previous { get; init; }

    /// <summary>
    /// True when the promotion is recorded beside the image: because the tag changes, the release has no record here yet, or it is a
    /// rollback.
    /// </summary>
    public required bool WritesRecord { get => field && !IsOnlyPlaced; init; }

    /// <summary>True when the image is part of a slice: it gets neither a tag nor a record nor a lock.</summary>
    public bool IsOnlyPlaced { get; init; }

    /// <summary>
    /// The time of the latest promotion to this target, which the record of a rollback must follow, whatever the clocks of the machines
    /// say; null when it is not a rollback.
    /// </summary>
    public DateTimeOffset? LatestPromotion { get; init; }

    /// <summary>
    /// The newer release that is current at this target, when the release was complete here before and the environment is only on the way
    /// to a later one; null otherwise.
    /// </summary>
    public string? FollowedBy { get; init; }

    /// <summary>
    /// The result of checking for a server-side copy: how it works, or why it does not; null when the image is copied as usual.
    /// </summary>
    public TransferResult? Transfer { get; init; }

    /// <summary>The changes of locks.</summary>
    public PlannedLock Lock { get => IsOnlyPlaced ? PlannedLock.None : field; init; } = PlannedLock.None;

    /// <summary>The change of the tag.</summary>
    public TagChange Tag =>
        IsOnlyPlaced || TagBefore == Image.Digest ? TagChange.None
        : TagBefore is null ? TagChange.Created
        : TagChange.Moved;

    public override bool NothingMoves =>
        Tag == TagChange.None && Manifests.Count == 0 && MissingAttachments.Count == 0 && !WritesRecord && !Lock.Locks;

    /// <summary>True when the image is in place and recorded, and so are the hosts, if the environment has any.</summary>
    public bool IsComplete =>
        NothingMoves && LastRecord is { } record && (record.Hosts is not null || !PromotionTarget.Environment.HasHosts);

    public override long BytesToMove => BlobsToMove.Sum(blob => blob.Size);

    /// <summary>Counts the bytes that images move together: a blob that several of them share moves once to each registry.</summary>
    public static long CountBytes(IEnumerable<ImagePlan> images) => images
        .SelectMany(image => image.BlobsToMove.Select(blob => (image.Target.Repository.Registry, blob.Digest, blob.Size)))
        .Distinct()
        .Sum(blob => blob.Size);

    private IEnumerable<Descriptor> BlobsToMove => Blobs.Where(blob => blob.Action == BlobAction.Move).Select(blob => blob.Blob);

    /// <summary>The blobs that exist at the target.</summary>
    public IReadOnlySet<Digest> BlobsThere => Blobs.Count == 0
        ? FrozenSet<Digest>.Empty
        : Blobs.Where(blob => blob.Action == BlobAction.None).Select(blob => blob.Blob.Digest).ToHashSet();

    /// <summary>The manifest or index from the base registry.</summary>
    public required ManifestContent Root { get; init; }

    /// <summary>All manifests and blobs of the image; null when the image exists at the target and was not examined.</summary>
    public required ImageGraph? Graph { get; init; }
}

/// <summary>The change of a tag.</summary>
internal enum TagChange
{
    /// <summary>The tag points to the image already.</summary>
    None,

    /// <summary>The tag is created.</summary>
    Created,

    /// <summary>The tag points to another image and is moved, for the reason in the request.</summary>
    Moved,
}

/// <summary>A blob of a plan.</summary>
/// <param name="Blob">The blob.</param>
/// <param name="Action">The action for the blob.</param>
internal sealed record PlannedBlob(Descriptor Blob, BlobAction Action);

/// <summary>The action for a blob.</summary>
internal enum BlobAction
{
    /// <summary>The blob exists at the target.</summary>
    None,

    /// <summary>The blob is mounted from the source, which is in the same registry; if that is refused, it is copied.</summary>
    Mount,

    /// <summary>The bytes of the blob are read and written.</summary>
    Move,

    /// <summary>The target fetches the blob itself, see <see cref="ImagePlan.Transfer"/>; if it does not, the blob is copied.</summary>
    Transfer,
}
