using Gantry.Promotion;
using Gantry.Registries;

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
/// <param name="Settled">
/// Whether this release was deployed from here before and nothing has moved since. Then a host that cannot be asked is not told again
/// if its health checks tell the version.
/// </param>
public sealed record DeploymentTarget(RegistryAddress Registry, string? Region = null, bool Settled = false);
