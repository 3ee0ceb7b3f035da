using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Holds;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Promotion;

/// <summary>
/// The steps of a promotion, determined without writing anything. <see cref="Promoter"/> applies exactly these steps, and refuses to when
/// their preconditions have changed meanwhile.
/// </summary>
public sealed record PromotionPlan
{
    private readonly RollbackDetector _rollbacks;

    internal PromotionPlan(PromotionRequest request, IReadOnlyList<ImagePlan> images, RollbackDetector rollbacks)
    {
        Request = request;
        ImagePlans = images;
        _rollbacks = rollbacks;
        Waves = PlannedWave.Of(request);
    }

    internal PromotionPlan(PromotionRequest request, IReadOnlyList<ImagePlan> images, PromotionPlan other)
        : this(request, images, other._rollbacks)
    {
        Deployment = other.Deployment;
        Holds = other.Holds;
        HeldTargets = other.HeldTargets;
        EarlierWaves = other.EarlierWaves;
    }

    /// <summary>The request.</summary>
    public PromotionRequest Request { get; }

    /// <summary>Every image at every target: the images of the first target, then those of the next.</summary>
    public IReadOnlyList<PlannedImage> Images => ImagePlans;

    internal IReadOnlyList<ImagePlan> ImagePlans { get; }

    /// <summary>
    /// The waves in which the promotion reaches its targets, in their order; empty when it reaches all at the same time.
    /// </summary>
    public IReadOnlyList<PlannedWave> Waves { get; }

    /// <summary>The times at which the release came to the registries of earlier waves that are no targets.</summary>
    internal IReadOnlyDictionary<PromotionTarget, DateTimeOffset> EarlierWaves { get; init; } =
        new Dictionary<PromotionTarget, DateTimeOffset>();

    internal IRegistryClient Registries => _rollbacks.Registries;

    /// <summary>Ensures that a target still has the release that the promotion goes back from; null when it goes back from none.</summary>
    internal Task EnsureOrderAsync(PromotionTarget target, string? rollsBackFrom, CancellationToken cancellationToken) =>
        _rollbacks.EnsureUnchangedAsync(Request, target, rollsBackFrom, cancellationToken);

    /// <summary>Ensures that the release, which is recorded at a target, was not followed by a newer one there.</summary>
    internal Task EnsureCurrentAsync(PromotionTarget target, CancellationToken cancellationToken) =>
        _rollbacks.EnsureCurrentAsync(Request, target, cancellationToken);

    /// <summary>The gates of the environment, in order; undecided ones have no verdict yet.</summary>
    public IReadOnlyList<PlannedGate> Gates { get; internal init; } = [];

    /// <summary>
    /// True when the gates are decided: <see cref="Approve"/>, <see cref="DelegateGatesTo"/>, <see cref="SkipOpenGates"/>.
    /// </summary>
    public bool IsDecided { get; internal init; }

    /// <summary>What the promotion skips by break-glass; null when it skips nothing.</summary>
    public BreakGlass? BreakGlass { get; internal init; }

    /// <summary>The public key that signs the promotion; null when it is not signed.</summary>
    public VerificationKey? SignedBy { get; internal init; }

    /// <summary>The registries whose environment has no key, so that the promotion to them is not signed.</summary>
    public IReadOnlyList<PromotionTarget> UnsignedTargets => [.. Request.Targets.Where(target => target.Trust is null)];

    /// <summary>True when all that a person had let pass holds now, and the promotion records only that.</summary>
    public bool CatchesUp { get; internal init; }

    /// <summary>The open holds that keep the release out; empty when none does.</summary>
    public IReadOnlyList<HoldState> Holds { get; internal init; } = [];

    /// <summary>
    /// True when the environment is held and stays as it is: <see cref="Promoter"/> refuses the plan. A release that a person has named,
    /// and a return, are not kept out.
    /// </summary>
    public bool IsHeld => Holds.Count > 0 && !Request.IsNamed && !Request.Returns;

    /// <summary>The registries in which the promotion ends a hold, because a person has named the release.</summary>
    public IReadOnlyList<HoldState> EndedHolds => Request is { IsNamed: true, Returns: false, Slice: null } ? Holds : [];

    /// <summary>The registries in which the promotion sets a hold, because it returns to an earlier release.</summary>
    public IReadOnlyList<PromotionTarget> HeldTargets { get; internal init; } = [];

    internal IReadOnlyDictionary<string, Evidence> EvidenceByImage { get; init; } = new Dictionary<string, Evidence>();

    /// <summary>
    /// Returns what an image was verified with: now, or when it was promoted, if this plan only completes that promotion.
    /// </summary>
    internal Evidence EvidenceOf(ImagePlan image) =>
        EvidenceByImage.GetValueOrDefault(image.Image.Name) ?? Evidence.Of(image.LastRecord?.Signature);

    /// <summary>
    /// What the promotion changes at each of its targets, for people; empty when that was not read, or nothing changes.
    /// </summary>
    public IReadOnlyList<PlannedDifference> Differences { get; init; } = [];

    /// <summary>The steps that follow when the images are in place.</summary>
    public DeploymentPlan Deployment { get; internal init; } = DeploymentPlan.Empty;

    /// <summary>True when all images are already in place.</summary>
    public bool NothingMoves => Images.All(image => image.NothingMoves);

    /// <summary>
    /// True when the environment stays as it is: the release is complete there, a newer one has followed it, and the environment is only on
    /// the way to a later one (<see cref="PromotionRequest.IsOnTheWay"/>).
    /// </summary>
    public bool IsPassed => ImagePlans.Any(image => image.FollowedBy is not null);

    /// <summary>True when all images are already in place and no host has to be changed.</summary>
    public bool ChangesNothing => NothingMoves && !Deployment.HasChanges;

    /// <summary>
    /// True when applying the plan writes nothing: no image, host or hold changes, and the hosts are recorded. Health checks only read.
    /// </summary>
    public bool WritesNothing => ChangesNothing && !ChangesHolds && Deployment.Targets.All(target => target.IsRecorded);

    /// <summary>True when the promotion sets or ends a hold.</summary>
    public bool ChangesHolds => EndedHolds.Count + HeldTargets.Count > 0;

    /// <summary>
    /// True when gates must be decided before the plan can be applied: those that no evaluation found to hold. A plan that changes nothing
    /// needs no decision.
    /// </summary>
    public bool AwaitsDecision => Gates.Any(gate => gate.IsOpen) && !IsDecided && !ChangesNothing;

    /// <summary>
    /// The bytes that will be read from the base registry and written, over all targets. Mounted blobs count as zero, and a blob that
    /// several images share counts once for each registry.
    /// </summary>
    public long BytesToMove => ImagePlan.CountBytes(ImagePlans);

    /// <summary>
    /// Returns the plan with all gates approved by one person: the actor of the request. Gates without a verdict are recorded as approved
    /// by this person, approvals together with what that replaces: <c>2 approvals of [Contoso]\Release</c>.
    /// </summary>
    /// <param name="reason">The reason, or the way in which the person approved; not blank.</param>
    public PromotionPlan Approve(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return this with
        {
            IsDecided = true,
            Gates =
            [
                .. Gates.Select(gate => gate.IsOpen
                    ? gate with { Verdict = GateVerdict.Approved, Reason = reason, Finding = ReplacedBy(Request.By, gate) }
                    : gate),
            ],
        };
    }

    /// <summary>
    /// True when a service that runs the promotion is needed to answer for gates: <see cref="DelegateGatesTo"/> would attribute some to it.
    /// </summary>
    public bool HasDelegableGates => AwaitsDecision && Gates.Any(gate => gate.IsDelegable);

    /// <summary>
    /// Lists what the approval of one person replaces, for the question to this person: <c>2 approvals of [Contoso]\Release</c>.
    /// </summary>
    public IReadOnlyList<string> ReplacedByApproval => [.. Gates.Where(gate => gate.IsOpen).Select(gate => gate.Replaced)];

    /// <summary>
    /// Returns the plan with its undecided gates attributed to the service that runs the promotion and evaluated them. Gates that only the
    /// promotion itself can evaluate stay undecided, and so do those of which an evaluation found that they do not hold.
    /// </summary>
    /// <param name="service">The service, and where it evaluates the gates: <c>Azure Pipelines, environment prod</c>.</param>
    /// <param name="holds">Returns true for a gate that the service holds; null when it holds all.</param>
    public PromotionPlan DelegateGatesTo(string service, Func<Gate, bool>? holds = null)
    {
        IReadOnlyList<PlannedGate> gates =
        [
            .. Gates.Select(gate => gate.IsDelegable && holds?.Invoke(gate.Gate) != false
                ? gate with { Verdict = GateVerdict.Service, Finding = service }
                : gate),
        ];
        return this with { IsDecided = !gates.Any(gate => gate.IsOpen), Gates = gates };
    }

    /// <summary>
    /// Returns the plan with the approvals that the service has recorded, for the gates that <see cref="DelegateGatesTo"/> has attributed
    /// to it and that ask for approvals. The finding of such a gate says when they are not known.
    /// </summary>
    /// <param name="approvals">The approvals of this attempt.</param>
    public PromotionPlan WithApprovals(ServiceApprovals approvals) =>
        this with { Gates = [.. Gates.Select(gate => gate.With(approvals))] };

    /// <summary>
    /// Returns the plan with its undecided gates skipped, for the reason in <see cref="PromotionRequest.BreakGlassReason"/>; the plan
    /// itself when there is no such reason.
    /// </summary>
    public PromotionPlan SkipOpenGates()
    {
        if (Request.BreakGlassReason is not { } reason || !AwaitsDecision)
            return this;
        var open = Gates.Where(gate => gate.IsOpen).Select(gate => gate.Describe());
        return this with
        {
            IsDecided = true,
            BreakGlass = new BreakGlass { Reason = reason, Skipped = [.. BreakGlass?.Skipped ?? [], .. open] },
            Gates =
            [
                .. Gates.Select(gate => gate.IsOpen ? gate with { Verdict = GateVerdict.Overridden, Reason = reason } : gate),
            ],
        };
    }

    // A gate of another kind keeps its own finding, such as the reason why it does not hold.
    private static string? ReplacedBy(PromotionActor actor, PlannedGate gate) =>
        gate.Gate is ApprovalGate && gate.Finding is null ? $"{actor.Name} alone, instead of {gate.Replaced}" : gate.Finding;
}

/// <summary>One image of a release at one target.</summary>
public abstract record PlannedImage
{
    private protected PlannedImage()
    {
    }

    /// <summary>The image.</summary>
    public required ReleaseImage Image { get; init; }

    /// <summary>The registry that it is promoted to.</summary>
    public required PromotionTarget PromotionTarget { get; init; }

    /// <summary>The target repository and the tag.</summary>
    public required CopyTarget Target { get; init; }

    /// <summary>
    /// The version that is current there, when the promotion goes back from it to an older release; null when it does not.
    /// </summary>
    public string? RollsBackFrom { get; init; }

    /// <summary>True when everything is already in place.</summary>
    public abstract bool NothingMoves { get; }

    /// <summary>The size of the blobs that will be read and written, in bytes.</summary>
    public abstract long BytesToMove { get; }
}
