using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines;

/// <summary>Declares how jobs of Azure Pipelines sign in to a host: <c>HostLogin.Kubernetes("contoso-cluster")</c>.</summary>
public static class AzureDevOpsHostLogins
{
    extension(HostLogin)
    {
        /// <summary>Signs in with a Kubernetes service connection that is made of a kubeconfig, by <c>Kubernetes@1</c>.</summary>
        /// <param name="serviceConnection">The name of the service connection.</param>
        public static KubernetesLogin Kubernetes(string serviceConnection) => new(serviceConnection);

        /// <summary>
        /// Signs in to a cluster of Azure Kubernetes Service with the Azure Resource Manager service connection of the promotion.
        /// </summary>
        /// <param name="resourceGroup">The resource group of the cluster.</param>
        /// <param name="cluster">The name of the cluster.</param>
        public static AksLogin Aks(string resourceGroup, string cluster) => new(resourceGroup, cluster);

        /// <summary>Signs in with steps of a team's own.</summary>
        /// <param name="logIn">The steps before the promotion.</param>
        public static OwnHostLogin Steps(params IReadOnlyList<Step> logIn) => new(logIn);
    }
}

/// <summary>
/// Signs in with a Kubernetes service connection. It has to be made of a kubeconfig with the context of the deployment: one of a service
/// account has no context.
/// </summary>
/// <param name="ServiceConnection">The name of the service connection.</param>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/kubernetes-v1">Kubernetes@1</seealso>
public sealed record KubernetesLogin(string ServiceConnection) : HostLogin;

/// <summary>
/// Signs in to a cluster of Azure Kubernetes Service, under the name of the context of the deployment. Tokens come from the service
/// connection of the promotion, by kubelogin.
/// </summary>
/// <param name="ResourceGroup">The resource group of the cluster.</param>
/// <param name="Cluster">The name of the cluster.</param>
public sealed record AksLogin(string ResourceGroup, string Cluster) : HostLogin;

/// <summary>Signs in with steps of a team's own.</summary>
/// <param name="LogIn">The steps before the promotion.</param>
public sealed record OwnHostLogin(IReadOnlyList<Step> LogIn) : HostLogin
{
    /// <summary>The steps after the promotion, whatever its result was unless they have a condition.</summary>
    public IReadOnlyList<Step> LogOut { get; init; } = [];
}
