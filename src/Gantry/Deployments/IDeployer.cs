using Gantry.Environments;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>Deploys images to hosts of one kind. Deployments are idempotent: running the same one again finds nothing to do.</summary>
public interface IDeployer
{
    /// <summary>Returns true when this deployer handles the deployment.</summary>
    bool Accepts(Deployment deployment);

    /// <summary>
    /// Reads the current state of the host without changing it. Whatever would make the deployment fail (a missing variable or program, a
    /// resource that does not exist) is reported here, before anything is promoted.
    /// </summary>
    Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken);

    /// <summary>
    /// Deploys the image to the host and returns a description of what was done: <c>set to contoso.azurecr.io/app@sha256:…</c>.
    /// </summary>
    Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken);
}

/// <summary>One image to deploy to one host.</summary>
public sealed class DeploymentOrder
{
    /// <summary>The declaration.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>The registry that the host pulls the image from, with its environment and region.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The release to promote.</summary>
    public required Release Release { get; init; }

    /// <summary>The image.</summary>
    public required ReleaseImage Image { get; init; }

    /// <summary>The image's name with its registry: <c>contoso.azurecr.io/team/app</c>.</summary>
    public string Repository => Target.Address.Describe(Image.Name);

    /// <summary>The image by its digest: <c>contoso.azurecr.io/team/app@sha256:…</c>.</summary>
    public string Reference => $"{Repository}@{Image.Digest}";
}

/// <summary>The current state of a host.</summary>
/// <param name="Image">The image that the host is set to; null when it has none or it is unknown.</param>
/// <param name="IsCurrent">True when it is the image of the order.</param>
public sealed record HostState(string? Image, bool IsCurrent)
{
    /// <summary>The state of a host that cannot be read.</summary>
    public static HostState Unknown { get; } = new(null, IsCurrent: false) { IsKnown = false };

    /// <summary>True when the state of the host could be read.</summary>
    public bool IsKnown { get; private init; } = true;
}
