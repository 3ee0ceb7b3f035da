using Gantry.Environments;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>The release that the hosts of an environment have to run.</summary>
public sealed record DeploymentRequest
{
    /// <summary>The environment with its deployments and health checks.</summary>
    public required PromotionEnvironment Environment { get; init; }

    /// <summary>The release.</summary>
    public required Release Release { get; init; }

    /// <summary>The registries that the hosts pull the images from: one, or one per region of the promotion.</summary>
    public required IReadOnlyList<DeploymentTarget> Targets { get; init; }
}

/// <summary>A registry of the environment.</summary>
/// <param name="Registry">The address of the registry.</param>
/// <param name="Region">The region of the registry; null when the environment has none.</param>
public sealed record DeploymentTarget(RegistryAddress Registry, string? Region = null)
{
    /// <summary>True when the promotion writes something to this registry.</summary>
    public bool Moves { get; init; }

    /// <summary>True when a record beside the images confirms that this release was deployed from here.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>
    /// True when this release was deployed from here before and the promotion writes nothing now. A host whose state is unknown is then
    /// skipped if its health checks report the version of the release.
    /// </summary>
    internal bool IsSettled => IsRecorded && !Moves;
}
