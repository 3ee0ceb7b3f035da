using Gantry.Azure.Deployments;
using Gantry.Environments;

namespace Gantry.Azure;

/// <summary>Declares deployments to Azure, beside the others: <c>Deployment.ContainerApp(…)</c>.</summary>
public static class AzureDeployments
{
    extension(Deployment)
    {
        /// <summary>Sets the image of an App Service, or of one of its slots, by digest.</summary>
        /// <param name="resourceId">The site: <c>/subscriptions/…/resourceGroups/…/providers/Microsoft.Web/sites/contoso-prod</c>.</param>
        /// <param name="slot">The deployment slot; null is the production slot.</param>
        public static AppServiceDeployment AppService(string resourceId, string? slot = null) => new(resourceId) { Slot = slot };

        /// <summary>Sets the image of a Container App by digest, which creates a new revision, and waits until that is healthy.</summary>
        /// <param name="resourceId">
        /// The app: <c>/subscriptions/…/resourceGroups/…/providers/Microsoft.App/containerApps/contoso</c>.
        /// </param>
        /// <param name="container">The container in the app's template; null when there is only one.</param>
        public static ContainerAppDeployment ContainerApp(string resourceId, string? container = null) =>
            new(resourceId) { Container = container };
    }
}
