using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>Which release to promote, and where to.</summary>
public sealed record PromotionRequest
{
    private readonly IReadOnlyList<string>? _regions;

    /// <summary>The release.</summary>
    public required Release Release { get; init; }

    /// <summary>The environment.</summary>
    public required PromotionEnvironment Environment { get; init; }

    /// <summary>The base registry, where the release was published.</summary>
    public required RegistryAddress Base { get; init; }

    /// <summary>The registries of the environment: one, or one a region.</summary>
    public required IReadOnlyList<RegistryAddress> Targets { get; init; }

    /// <summary>The regions of <see cref="Targets"/>, in their order; by default all of the environment, in theirs.</summary>
    public IReadOnlyList<string> Regions
    {
        get => _regions ?? Environment.Regions;
        init => _regions = value;
    }

    /// <summary>
    /// The registries of the environment before, one or one a region: where the release has to be already, and soak times are read.
    /// Empty when nobody has to look there.
    /// </summary>
    public IReadOnlyList<RegistryAddress> Before { get; init; } = [];

    /// <summary>
    /// Whether the release has to be in the environment before (<c>GAN4024</c> otherwise); false where something else says that it is, such
    /// as the order of stages, and <see cref="Before"/> only tells for how long.
    /// </summary>
    public bool RequireBefore { get; init; } = true;

    /// <summary>Why tags may be moved that exist with another digest; null refuses to.</summary>
    public string? MoveTagReason { get; init; }

    /// <summary>Why the release does not wait for its soak time to be over; null lets it wait. It is recorded with the promotion.</summary>
    public string? OverrideSoakReason { get; init; }

    /// <summary>Who promotes, for the record.</summary>
    public PromotionActor By { get; init; } = PromotionActor.LocalUser;

    /// <summary>Brings images without their bytes passing through this machine, where it can; null: they are copied.</summary>
    public IServerSideCopy? ServerSideCopy { get; init; }

    /// <summary>Locks what the environment declares; null: nothing here can.</summary>
    public IImageLocks? Locks { get; init; }

    /// <summary>Whether a tag that is moved is unlocked first when it is locked; otherwise that is an error.</summary>
    public bool UnlocksTags { get; init; }

    /// <summary>What goes along with the images.</summary>
    public CopyOptions Options { get; init; } = new();
}
