using Gantry.Azure.ResourceManager;
using Gantry.Azure.SignIn;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Azure.Deployments;

/// <summary>
/// Creates clients of Azure Resource Manager for deployments: with the environment's identity, in the cloud of its registry.
/// </summary>
internal static class DeploymentSessions
{
    public static ArmClient ResourceManager(this AzureSession session, PromotionTarget target)
    {
        var cloud = target.Address is HostAddress registry ? AzureCloud.OfRegistry(registry.Host) : null;
        return session.ResourceManager(target.Environment.Identity as AzureIdentity, cloud ?? AzureCloud.Public);
    }
}
