using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Drift;

/// <summary>Finds what reads the host of a deployment.</summary>
/// <param name="deployers">The deployers. The first one that accepts a deployment reads its host, if it can.</param>
/// <param name="variable">The environment variables that secrets are read from.</param>
internal sealed class HostReaders(IReadOnlyList<IDeployer> deployers, Func<string, string?> variable)
{
    /// <summary>The reason for which no host of a registry is read that is not one.</summary>
    public const string Local = "its registry is a folder or file on this machine, which hosts cannot pull from";

    /// <summary>
    /// Returns what reads the host; or null, and the reason for which it cannot be asked. Throws <c>GAN4075</c> when no deployer accepts
    /// the deployment.
    /// </summary>
    /// <param name="deployment">The declaration of the host.</param>
    /// <param name="target">The registry that the host pulls from.</param>
    public (IHostReader? Reader, string? NotRead) Find(Deployment deployment, PromotionTarget target)
    {
        var deployer = deployers.FirstOrDefault(deployer => deployer.Accepts(deployment))
            ?? throw DeploymentErrors.NoDeployer(deployment.Description);
        if (deployer is not IHostReader reader)
            return (null, deployment is WebhookDeployment
                ? "a webhook cannot be asked what runs behind it"
                : $"{deployer.GetType().Name} cannot read hosts: it is no {nameof(IHostReader)}");
        return target.Address is HostAddress || deployment.IsOnThisMachine(variable) ? (reader, null) : (null, Local);
    }

    /// <summary>Returns the deployments to the hosts of one registry.</summary>
    /// <param name="target">The registry.</param>
    public static IEnumerable<Deployment> DeploymentsOf(PromotionTarget target) =>
        target.Environment.Deployments.Where(each => each.Region is null || each.Region == target.Region);
}
