using Gantry.Deployments;
using Gantry.Environments;

namespace Gantry.Promotion.Runs;

/// <summary>Refuses hosts that only the build can deploy to, before anything is promoted.</summary>
public sealed class NamedDeployer : IDeployer
{
    /// <inheritdoc/>
    public bool Accepts(Deployment deployment) => deployment is NamedDeployment;

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN4132</c>: always.</exception>
    public Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken) =>
        throw RunErrors.UnreachableHost(order.Deployment, order.Target.Environment);

    /// <inheritdoc/>
    public Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken) =>
        throw RunErrors.UnreachableHost(order.Deployment, order.Target.Environment);
}
