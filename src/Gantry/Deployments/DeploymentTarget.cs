using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Deployments;

/// <summary>A registry that hosts pull the images of a release from.</summary>
/// <param name="Target">The registry, with its environment and region.</param>
internal sealed record DeploymentTarget(PromotionTarget Target)
{
    /// <summary>True when the promotion writes something to this registry.</summary>
    public bool Moves { get; init; }

    /// <summary>True when a record beside the images confirms that this release was deployed from here.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>
    /// True when this release was deployed from here before and the promotion writes nothing now. A host whose state is unknown is then
    /// skipped if its health checks report the version of the release.
    /// </summary>
    public bool IsSettled => IsRecorded && !Moves;

    /// <summary>True when the registry is a folder or file, which no other machine can pull from.</summary>
    public bool IsLocal => Target.Address is not HostAddress;
}
