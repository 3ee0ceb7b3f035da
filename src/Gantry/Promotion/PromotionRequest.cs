using Gantry.Attestations;
using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Promotion;

/// <summary>The release to promote, and its targets.</summary>
public sealed record PromotionRequest
{
    /// <summary>The release.</summary>
    public required Release Release { get; init; }

    /// <summary>The base registry, in which the release was published.</summary>
    public required RegistryAddress Base { get; init; }

    /// <summary>
    /// The registry in which earlier releases were published: <see cref="Base"/> by default, and another one in a dry run of a release that
    /// is not published yet.
    /// </summary>
    public RegistryAddress EarlierReleases
    {
        get => field ?? Base;
        init;
    }

    /// <summary>The registries to promote to, all of one environment: its only one, or those of some or all of its regions.</summary>
    public required IReadOnlyList<PromotionTarget> Targets { get; init; }

    /// <summary>The environment of the targets.</summary>
    public PromotionEnvironment Environment => Targets[0].Environment;

    /// <summary>
    /// The registries of the previous environment, of all of its regions: the release must be in each of them, and soak times are read
    /// there. Empty for the first environment only.
    /// </summary>
    public IReadOnlyList<PromotionTarget> Before { get; init; } = [];

    /// <summary>
    /// The registries of the waves before those of the targets, which are not among the targets (<see cref="PromotionEnvironment.Waves"/>):
    /// the release must be there, deployed and checked. Empty when the targets have every wave from the first.
    /// </summary>
    public IReadOnlyList<PromotionTarget> EarlierWaves { get; init; } = [];

    /// <summary>
    /// True to return <see cref="EarlierWaves"/>, too, when the environment returns after a health check that failed. A run for one region
    /// may have no right to.
    /// </summary>
    public bool ReturnsEarlierWaves { get; init; }

    /// <summary>
    /// True to plan as if the release were in the previous environment, which an earlier promotion of the same dry run would bring it to.
    /// Such a plan cannot be applied.
    /// </summary>
    public bool AssumesBefore { get; init; }

    /// <summary>The reason for moving tags that exist with another digest; null or a blank one refuses to move them.</summary>
    public string? MoveTagReason { get; init; }

    /// <summary>
    /// The reason for going back: for putting an older release over the current one of an environment. Null or a blank one refuses it. It
    /// is recorded with the promotion, if that goes back.
    /// </summary>
    public string? GoBackReason { get; init => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>
    /// True when a person has named the release, and not a pipeline its own default. Such a promotion ends a hold of the environment;
    /// every other one leaves an environment that is held as it is.
    /// </summary>
    public bool IsNamed { get; init; }

    /// <summary>
    /// True to return to a release that was there before, for the reason in <see cref="GoBackReason"/>. It has been through the environment
    /// before and its soak times, which are not asked again; the environment is held, so that no other release follows by itself.
    /// </summary>
    public bool Returns { get; init; }

    /// <summary>
    /// The error of the health check after which a promotion returns by itself; null when a person returns. The gates are not asked: the
    /// declaration of the environment has decided.
    /// </summary>
    public string? ReturnCause { get; init; }

    /// <summary>
    /// The slice of the release to place: its images and what belongs to them, without a tag and without a record. The promotion of the
    /// whole release then finds them in place. Null promotes the whole release.
    /// </summary>
    public ReleaseSlice? Slice { get; init; }

    /// <summary>
    /// True when the environment is only on the way to a later one. If the release is complete and recorded there, and a newer one has
    /// followed it, the environment stays as it is, whatever <see cref="GoBackReason"/> says.
    /// </summary>
    public bool IsOnTheWay { get; init; }

    /// <summary>
    /// The reason for not waiting until the soak time is over; null or a blank one waits. It is recorded with the promotion.
    /// </summary>
    public string? OverrideSoakReason { get; init => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>
    /// The reason for skipping, in an emergency, whatever does not hold: the previous environment, and gates. Null or a blank one skips
    /// nothing. What was skipped is recorded with the promotion, and reported until the release has come the normal way.
    /// </summary>
    public string? BreakGlassReason { get; init => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>Signs the promotion; required where a target has trusted keys.</summary>
    public ISigner? Signer { get; init; }

    /// <summary>
    /// The keys of the build, with which the provenance of each image is verified before it comes to the first environment; null when
    /// releases are not signed.
    /// </summary>
    public TrustPolicy? BaseTrust { get; init; }

    /// <summary>Signatures besides the attestations, where promotions are signed; none by default.</summary>
    public ExtraSignatures ExtraSignatures { get; init; } = new();

    /// <summary>The sources that declare the environments, for attestations; null when they are not known.</summary>
    public PolicySource? Policy { get; init; }

    /// <summary>The actor, for the record.</summary>
    public PromotionActor By { get; init; } = PromotionActor.LocalUser;

    /// <summary>Copies images on the server side where possible; when null, all images are copied through this machine.</summary>
    public IServerSideCopy? ServerSideCopy { get; init; }

    /// <summary>Locks what the environment declares; null when locks are not supported.</summary>
    public IImageLocks? Locks { get; init; }

    /// <summary>True when a locked tag that has to move is unlocked first; otherwise it is an error.</summary>
    public bool UnlocksTags { get; init; }

    /// <summary>The options for copying the images and their attachments.</summary>
    public CopyOptions Options { get; init; } = new();
}
