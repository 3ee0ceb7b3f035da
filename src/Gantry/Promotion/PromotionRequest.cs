using Gantry.Copying;
using Gantry.Registries;

namespace Gantry.Promotion;

/// <summary>Which release to promote, and where to.</summary>
public sealed record PromotionRequest
{
    /// <summary>The release.</summary>
    public required Release Release { get; init; }

    /// <summary>The environment.</summary>
    public required PromotionEnvironment Environment { get; init; }

    /// <summary>The base registry, where the release was published.</summary>
    public required RegistryAddress Base { get; init; }

    /// <summary>The registries of the environment: one, or one a region.</summary>
    public required IReadOnlyList<RegistryAddress> Targets { get; init; }

    /// <summary>
    /// The registries of the environment before, when the release has to be there already (<c>GAN4024</c> otherwise); empty when that
    /// is somebody else's to know.
    /// </summary>
    public IReadOnlyList<RegistryAddress> Before { get; init; } = [];

    /// <summary>Why tags may be moved that exist with another digest; null refuses to.</summary>
    public string? MoveTagReason { get; init; }

    /// <summary>What goes along with the images.</summary>
    public CopyOptions Options { get; init; } = new();
}
