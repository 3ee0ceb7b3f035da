using Gantry.Environments;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>Which release the hosts of an environment are to run.</summary>
public sealed record DeploymentRequest
{
    /// <summary>The environment with its deployments and health checks.</summary>
    public required PromotionEnvironment Environment { get; init; }

    /// <summary>The release.</summary>
    public required Release Release { get; init; }

    /// <summary>The registries that the hosts take the images from: one, or one a region that is promoted to.</summary>
    public required IReadOnlyList<DeploymentTarget> Targets { get; init; }
}

/// <summary>A registry of the environment.</summary>
/// <param name="Registry">Its address.</param>
/// <param name="Region">Its region; null when the environment has none.</param>
public sealed record DeploymentTarget(RegistryAddress Registry, string? Region = null)
{
    /// <summary>Whether something moves to here.</summary>
    public bool Moves { get; init; }

    /// <summary>Whether a record beside the images says that this release was deployed from here.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>
    /// Whether this release was deployed from here before and nothing moves now. Then a host that cannot be asked is not told again if
    /// its health checks tell the version.
    /// </summary>
    internal bool IsSettled => IsRecorded && !Moves;
}
