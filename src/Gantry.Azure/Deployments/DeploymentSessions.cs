using Gantry.Azure.ResourceManager;
using Gantry.Azure.SignIn;
using Gantry.Deployments;
using Gantry.Oci;

namespace Gantry.Azure.Deployments;

/// <summary>
/// Creates clients of Azure Resource Manager for deployments: with the environment's identity, in the cloud of its registry.
/// </summary>
internal static class DeploymentSessions
{
    public static ArmClient ResourceManager(this AzureSession session, DeploymentOrder order)
    {
        var cloud = order.Target.Address is HostAddress registry ? AzureCloud.OfRegistry(registry.Host) : null;
        return session.ResourceManager(order.Target.Environment.Identity as AzureIdentity, cloud ?? AzureCloud.Public);
    }
}
