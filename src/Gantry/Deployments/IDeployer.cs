using Gantry.Environments;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Deployments;

/// <summary>
/// Tells hosts of one kind what to run. What a declaration says is brought about, whatever was there before: done again, it finds
/// nothing to do.
/// </summary>
public interface IDeployer
{
    /// <summary>Whether this kind of deployment is its business.</summary>
    bool Accepts(Deployment deployment);

    /// <summary>
    /// Finds out what the host is set to, without changing anything. What would make the deployment fail (a missing variable or program,
    /// a resource that does not exist) is found here, before anything is promoted.
    /// </summary>
    Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken);

    /// <summary>Brings the host to run the image, and says what was done: <c>set to contoso.azurecr.io/app@sha256:…</c>.</summary>
    Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken);
}

/// <summary>One image for one host.</summary>
public sealed record DeploymentOrder
{
    /// <summary>The declaration.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>The environment that is promoted to.</summary>
    public required PromotionEnvironment Environment { get; init; }

    /// <summary>The release that is promoted.</summary>
    public required Release Release { get; init; }

    /// <summary>The image.</summary>
    public required ReleaseImage Image { get; init; }

    /// <summary>The registry of the environment, which the host takes the image from.</summary>
    public required RegistryAddress Registry { get; init; }

    /// <summary>The image's name with its registry: <c>contoso.azurecr.io/team/app</c>.</summary>
    public string Repository => Registry.Describe(Image.Name);

    /// <summary>The image by its digest: <c>contoso.azurecr.io/team/app@sha256:…</c>.</summary>
    public string Reference => $"{Repository}@{Image.Digest}";
}

/// <summary>What a host is set to.</summary>
/// <param name="Image">The image, as the host has it; null when it has none, or nobody can tell.</param>
/// <param name="IsCurrent">Whether it is the image of the order.</param>
public sealed record HostState(string? Image, bool IsCurrent)
{
    /// <summary>A host that cannot be asked.</summary>
    public static HostState Unknown { get; } = new(null, IsCurrent: false) { IsKnown = false };

    /// <summary>Whether the host could be asked.</summary>
    public bool IsKnown { get; private init; } = true;
}
