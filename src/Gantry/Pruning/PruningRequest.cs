using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Pruning;

/// <summary>The registries of a build, and the rules by which what nothing keeps is deleted from them.</summary>
public sealed record PruningRequest
{
    /// <summary>The base registry.</summary>
    public required RegistryAddress Base { get; init; }

    /// <summary>The keys of the build; null when releases are not signed.</summary>
    public TrustPolicy? BaseTrust { get; init; }

    /// <summary>The names of the images. Repositories of other images are neither read nor changed.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The registries of all environments. All of them are read, whichever something is deleted from.</summary>
    public required IReadOnlyList<PromotionTarget> Targets { get; init; }

    /// <summary>The rules.</summary>
    public PruningRules Rules { get; init; } = new();

    /// <summary>Names what is kept beside that: what hosts run, holds.</summary>
    public IReadOnlyList<IKeepSource> Sources { get; init; } = [];

    /// <summary>The locks of registries; null when they have none.</summary>
    public IImageLocks? Locks { get; init; }

    /// <summary>What registries offer beside the distribution API; null for nothing.</summary>
    public IRegistryCatalog? Catalog { get; init; }

    /// <summary>
    /// The client for each environment, and for the base registry (null), when one has an identity of its own; that of the planner by
    /// default.
    /// </summary>
    public Func<PromotionEnvironment?, IRegistryClient>? ClientOf { get; init; }
}
