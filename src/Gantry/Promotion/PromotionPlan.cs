using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// What a promotion will do, found out without writing anything. Applied by <see cref="Promoter"/>, which does exactly this and refuses
/// when what the plan was made from has changed meanwhile.
/// </summary>
public sealed record PromotionPlan
{
    /// <summary>What was asked for.</summary>
    public required PromotionRequest Request { get; init; }

    /// <summary>Every image at every target: the images of the first target, then those of the next.</summary>
    public required IReadOnlyList<PlannedImage> Images { get; init; }

    /// <summary>The gates of the environment, in their order; those that nobody has answered for have no verdict yet.</summary>
    public IReadOnlyList<PlannedGate> Gates { get; init; } = [];

    /// <summary>Whether somebody answered for the gates: <see cref="Approve"/>, <see cref="DelegateGatesTo"/>.</summary>
    public bool IsDecided { get; private init; }

    /// <summary>What happens when the images are in place.</summary>
    public DeploymentPlan Deployment { get; init; } = DeploymentPlan.Empty;

    /// <summary>Whether everything is where it belongs already.</summary>
    public bool NothingMoves => Images.All(image => image.NothingMoves);

    /// <summary>Whether everything is where it belongs already, and no host is told anything new.</summary>
    public bool ChangesNothing => NothingMoves && !Deployment.HasChanges;

    /// <summary>Whether somebody has to answer for the gates before the plan can be applied. Where nothing changes, nobody has to.</summary>
    public bool AwaitsDecision => Gates.Count > 0 && !IsDecided && !ChangesNothing;

    /// <summary>The bytes that will be read from the base registry and written, over all targets; mounted blobs cost none.</summary>
    public long BytesToMove => Images.Sum(image => image.BytesToMove);

    /// <summary>The plan, with a person's yes for all gates; recorded with those that were not found to hold.</summary>
    /// <param name="reason">Why, or how the person said so.</param>
    public PromotionPlan Approve(string reason) => this with
    {
        IsDecided = true,
        Gates = [.. Gates.Select(gate => gate with { Verdict = gate.Verdict ?? GateVerdict.Approved, Reason = gate.Reason ?? reason })],
    };

    /// <summary>The plan, run by a service that holds the gates and got this far: all that were not found to hold are its own.</summary>
    /// <param name="service">The service, and where it holds them: <c>Azure Pipelines, environment prod</c>.</param>
    public PromotionPlan DelegateGatesTo(string service) => this with
    {
        IsDecided = true,
        Gates = [.. Gates.Select(gate => gate.Verdict is null ? gate with { Verdict = GateVerdict.Service, Finding = service } : gate)],
    };
}

/// <summary>One image of a release at one target.</summary>
public sealed record PlannedImage
{
    /// <summary>The image.</summary>
    public required ReleaseImage Image { get; init; }

    /// <summary>Where it comes from.</summary>
    public required IImageRepository Source { get; init; }

    /// <summary>Which of <see cref="PromotionRequest.Targets"/> it goes to.</summary>
    public required int TargetNumber { get; init; }

    /// <summary>Where it goes, and under which tag.</summary>
    public required CopyTarget Target { get; init; }

    /// <summary>What the tag points to now; null when there is none.</summary>
    public required Digest? TagBefore { get; init; }

    /// <summary>The manifests to write, each behind what it lists; none when the image is there.</summary>
    public required IReadOnlyList<Descriptor> Manifests { get; init; }

    /// <summary>All blobs of the manifests to write, and what becomes of each.</summary>
    public required IReadOnlyList<PlannedBlob> Blobs { get; init; }

    /// <summary>What belongs to the image at its source: signatures, SBOMs, attestations, the release's record.</summary>
    public required IReadOnlyList<Attachment> Attachments { get; init; }

    /// <summary>Those of them that are missing at the target.</summary>
    public required IReadOnlyList<Attachment> MissingAttachments { get; init; }

    /// <summary>The latest record of this release at this place; null when there is none, or the tag is not there.</summary>
    public PromotionRecord? LastRecord { get; init; }

    /// <summary>Whether the promotion is recorded beside the image: the tag changes, nothing tells yet that the release is here, or it returns.</summary>
    public required bool WritesRecord { get; init; }

    /// <summary>The release that came here after this one, when this one is put back in its place; null otherwise.</summary>
    public string? RollsBackFrom { get; init; }

    /// <summary>Whether the target fetches the image itself, and how, or why not; null where it is copied as everywhere.</summary>
    public TransferResult? Transfer { get; init; }

    /// <summary>What is locked or unlocked.</summary>
    public PlannedLock Lock { get; init; } = PlannedLock.None;

    /// <summary>What becomes of the tag.</summary>
    public TagChange Tag =>
        TagBefore is null ? TagChange.Created
        : TagBefore == Image.Digest ? TagChange.None
        : TagChange.Moved;

    /// <summary>Whether everything is there already.</summary>
    public bool NothingMoves => Tag == TagChange.None && Manifests.Count == 0 && MissingAttachments.Count == 0 && !WritesRecord && !Lock.Locks;

    /// <summary>The bytes of the blobs that will be read and written.</summary>
    public long BytesToMove => Blobs.Where(blob => blob.Action == BlobAction.Move).Sum(blob => blob.Blob.Size);

    /// <summary>The blobs that are at the target.</summary>
    internal IReadOnlySet<Digest> BlobsThere => Blobs.Where(blob => blob.Action == BlobAction.None).Select(blob => blob.Blob.Digest).ToHashSet();

    /// <summary>The manifest or index, as the base registry has it.</summary>
    public required ManifestContent Root { get; init; }

    /// <summary>All manifests and blobs of the image; null when the image is there and was not looked into.</summary>
    public required ImageGraph? Graph { get; init; }
}

/// <summary>What becomes of a tag.</summary>
public enum TagChange
{
    /// <summary>It points to the image already.</summary>
    None,

    /// <summary>It is written for the first time.</summary>
    Created,

    /// <summary>It points to another image and is moved, for the reason that the request gives.</summary>
    Moved,
}

/// <summary>A blob of a plan.</summary>
/// <param name="Blob">The blob.</param>
/// <param name="Action">What becomes of it.</param>
public sealed record PlannedBlob(Descriptor Blob, BlobAction Action);

/// <summary>What becomes of a blob.</summary>
public enum BlobAction
{
    /// <summary>It is there.</summary>
    None,

    /// <summary>The registry takes it from the source, which it holds itself; should it refuse, the blob moves.</summary>
    Mount,

    /// <summary>Its bytes are read and written.</summary>
    Move,

    /// <summary>The target fetches it itself, see <see cref="PlannedImage.Transfer"/>; should it not, the blob moves.</summary>
    Transfer,
}
