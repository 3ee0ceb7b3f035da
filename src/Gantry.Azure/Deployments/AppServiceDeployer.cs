using Azure.Core;
using Gantry.Azure.ResourceManager;
using Gantry.Deployments;
using Gantry.Environments;

namespace Gantry.Azure.Deployments;

/// <summary>Sets the image of an App Service site by digest. A site starts a new image by itself; slots are not swapped.</summary>
/// <param name="session">The connection to Azure, with the identity of the environment.</param>
/// <seealso href="https://learn.microsoft.com/rest/api/appservice/web-apps/update-configuration">Web Apps, update configuration</seealso>
public sealed class AppServiceDeployer(AzureSession session) : IDeployer, IHostReader
{
    private const string ApiVersion = "2024-04-01";
    private const string ContainerPrefix = "DOCKER|";
    private readonly ConflictRetry _retry = new(session.Options.TimeProvider, session.Options.Log);

    /// <inheritdoc/>
    public bool Accepts(Deployment deployment) => deployment is AppServiceDeployment;

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9070</c>: the site does not run a single Linux container; GAN9001 to GAN9018: errors of
    /// Azure.</exception>
    public async Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var image = await ReadAsync(order.Deployment, order.Target, cancellationToken);
        return new HostState(image, image == order.Reference);
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9070</c>: the site does not run a single Linux container; GAN9001 to GAN9018: errors of
    /// Azure.</exception>
    public async Task<HostReading> ReadAsync(HostQuery query, CancellationToken cancellationToken) =>
        HostReading.Of(await ReadAsync(query.Deployment, query.Target, cancellationToken));

    /// <inheritdoc/>
    public async Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        if (await ReadAsync(order.Deployment, order.Target, cancellationToken) == order.Reference)
            return $"has {order.Reference} already";

        var site = (AppServiceDeployment)order.Deployment;
        await _retry.ExecuteAsync(
            async token => await session.ResourceManager(order.Target).SendAsync(
                RequestMethod.Patch,
                ConfigurationOf(site),
                ApiVersion,
                new SiteConfiguration { Properties = new SiteProperties { LinuxFxVersion = ContainerPrefix + order.Reference } },
                AzureDeploymentJson.Default.SiteConfiguration,
                AzureDeploymentJson.Default.SiteConfiguration,
                $"setting the image of the {site.Description}",
                token),
            cancellationToken);
        var image = await ReadAsync(order.Deployment, order.Target, cancellationToken);
        return image == order.Reference
            ? $"set to {image}"
            : throw AzureDeploymentErrors.ImageNotApplied(site.Description, order.Reference, image);
    }

    private async Task<string?> ReadAsync(Deployment deployment, PromotionTarget target, CancellationToken cancellationToken)
    {
        var site = (AppServiceDeployment)deployment;
        var what = $"reading the configuration of the {site.Description}";
        var configuration = await session.ResourceManager(target).FindAsync(
            ConfigurationOf(site), ApiVersion, AzureDeploymentJson.Default.SiteConfiguration, what, cancellationToken)
            ?? throw ArmErrors.NotFound(what, "there is no such site");
        var setTo = configuration.Properties?.LinuxFxVersion;
        return setTo?.StartsWith(ContainerPrefix, StringComparison.OrdinalIgnoreCase) == true
            ? setTo[ContainerPrefix.Length..] is { Length: > 0 } image ? image : null
            : throw AzureDeploymentErrors.NoContainerSite(site.Description, setTo);
    }

    private static string ConfigurationOf(AppServiceDeployment site) =>
        $"{site.ResourceId}{(site.Slot is { } slot ? $"/slots/{slot}" : "")}/config/web";
}
