using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// The steps of a promotion, determined without writing anything. <see cref="Promoter"/> applies exactly these steps, and refuses to when
/// their preconditions have changed meanwhile.
/// </summary>
public sealed record PromotionPlan
{
    /// <summary>The request.</summary>
    public required PromotionRequest Request { get; init; }

    /// <summary>Every image at every target: the images of the first target, then those of the next.</summary>
    public required IReadOnlyList<PlannedImage> Images { get; init; }

    /// <summary>The gates of the environment, in order; undecided ones have no verdict yet.</summary>
    public IReadOnlyList<PlannedGate> Gates { get; init; } = [];

    /// <summary>True when the gates are decided: <see cref="Approve"/>, <see cref="DelegateGatesTo"/>.</summary>
    public bool IsDecided { get; private init; }

    /// <summary>The steps that follow when the images are in place.</summary>
    public DeploymentPlan Deployment { get; init; } = DeploymentPlan.Empty;

    /// <summary>True when all images are already in place.</summary>
    public bool NothingMoves => Images.All(image => image.NothingMoves);

    /// <summary>True when all images are already in place and no host has to be changed.</summary>
    public bool ChangesNothing => NothingMoves && !Deployment.HasChanges;

    /// <summary>
    /// True when the gates must be decided before the plan can be applied. A plan that changes nothing needs no decision.
    /// </summary>
    public bool AwaitsDecision => Gates.Count > 0 && !IsDecided && !ChangesNothing;

    /// <summary>The bytes that will be read from the base registry and written, over all targets; mounted blobs count as zero.</summary>
    public long BytesToMove => Images.Sum(image => image.BytesToMove);

    /// <summary>Returns the plan with all gates approved by a person; gates without a verdict are recorded as approved.</summary>
    /// <param name="reason">The reason, or the way in which the person approved.</param>
    public PromotionPlan Approve(string reason) => this with
    {
        IsDecided = true,
        Gates = [.. Gates.Select(gate => gate.Verdict == GateVerdict.Service ? gate : gate with { Verdict = gate.Verdict ?? GateVerdict.Approved, Reason = gate.Reason ?? reason })],
    };

    /// <summary>
    /// Returns the plan with its undecided gates attributed to the service that runs the promotion and evaluated them. Gates that only the
    /// promotion itself can evaluate stay undecided.
    /// </summary>
    /// <param name="service">The service, and where it evaluates the gates: <c>Azure Pipelines, environment prod</c>.</param>
    public PromotionPlan DelegateGatesTo(string service)
    {
        IReadOnlyList<PlannedGate> gates =
            [.. Gates.Select(gate => gate.IsOpen && !gate.Gate.IsEvaluatedByPromotion ? gate with { Verdict = GateVerdict.Service, Finding = service } : gate)];
        return this with { IsDecided = !gates.Any(gate => gate.IsOpen), Gates = gates };
    }
}

/// <summary>One image of a release at one target.</summary>
public sealed record PlannedImage
{
    /// <summary>The image.</summary>
    public required ReleaseImage Image { get; init; }

    /// <summary>The source.</summary>
    public required IImageRepository Source { get; init; }

    /// <summary>The registry that it is promoted to.</summary>
    public required PromotionTarget PromotionTarget { get; init; }

    /// <summary>The target repository and the tag.</summary>
    public required CopyTarget Target { get; init; }

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

    /// <summary>The latest record of this release at this target; null when there is none, or the tag does not exist.</summary>
    public PromotionRecord? LastRecord { get; init; }

    /// <summary>
    /// True when the promotion is recorded beside the image: because the tag changes, the release has no record here yet, or it is a
    /// rollback.
    /// </summary>
    public required bool WritesRecord { get; init; }

    /// <summary>The later release that this promotion rolls back from; null when it is not a rollback.</summary>
    public string? RollsBackFrom { get; init; }

    /// <summary>
    /// The result of checking for a server-side copy: how it works, or why it does not; null when the image is copied as usual.
    /// </summary>
    public TransferResult? Transfer { get; init; }

    /// <summary>The changes of locks.</summary>
    public PlannedLock Lock { get; init; } = PlannedLock.None;

    /// <summary>The change of the tag.</summary>
    public TagChange Tag =>
        TagBefore is null ? TagChange.Created
        : TagBefore == Image.Digest ? TagChange.None
        : TagChange.Moved;

    /// <summary>True when everything is already in place.</summary>
    public bool NothingMoves => Tag == TagChange.None && Manifests.Count == 0 && MissingAttachments.Count == 0 && !WritesRecord && !Lock.Locks;

    /// <summary>The size of the blobs that will be read and written, in bytes.</summary>
    public long BytesToMove => Blobs.Where(blob => blob.Action == BlobAction.Move).Sum(blob => blob.Blob.Size);

    /// <summary>The blobs that exist at the target.</summary>
    internal IReadOnlySet<Digest> BlobsThere => Blobs.Where(blob => blob.Action == BlobAction.None).Select(blob => blob.Blob.Digest).ToHashSet();

    /// <summary>The manifest or index from the base registry.</summary>
    public required ManifestContent Root { get; init; }

    /// <summary>All manifests and blobs of the image; null when the image exists at the target and was not examined.</summary>
    public required ImageGraph? Graph { get; init; }
}

/// <summary>The change of a tag.</summary>
public enum TagChange
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
public sealed record PlannedBlob(Descriptor Blob, BlobAction Action);

/// <summary>The action for a blob.</summary>
public enum BlobAction
{
    /// <summary>The blob exists at the target.</summary>
    None,

    /// <summary>The blob is mounted from the source, which is in the same registry; if that is refused, it is copied.</summary>
    Mount,

    /// <summary>The bytes of the blob are read and written.</summary>
    Move,

    /// <summary>The target fetches the blob itself, see <see cref="PlannedImage.Transfer"/>; if it does not, the blob is copied.</summary>
    Transfer,
}
