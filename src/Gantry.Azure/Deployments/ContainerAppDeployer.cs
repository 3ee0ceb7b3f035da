using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Core;
using Gantry.Azure.ResourceManager;
using Gantry.Deployments;
using Gantry.Environments;

namespace Gantry.Azure.Deployments;

/// <summary>Sets the image of a Container App by digest, and waits until the new revision is healthy.</summary>
/// <param name="session">The connection to Azure, with the identity of the environment.</param>
/// <param name="time">The clock for pauses and time limits.</param>
/// <seealso href="https://learn.microsoft.com/rest/api/containerapps/container-apps/update">
/// Container Apps, update (JSON merge patch)
/// </seealso>
public sealed class ContainerAppDeployer(AzureSession session, TimeProvider time) : IDeployer, IHostReader
{
    private const string ApiVersion = "2024-03-01";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConflictRetry _retry = new(time, session.Options.Log);

    /// <inheritdoc/>
    public bool Accepts(Deployment deployment) => deployment is ContainerAppDeployment;

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9072</c>: the app has no such container; GAN9001 to GAN9018: errors of Azure.</exception>
    public async Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var app = await ReadAsync(order, cancellationToken);
        var image = ContainerApp.ImageOf(FindContainer(app, order.Deployment));
        return new HostState(image, image == order.Reference && !await HasFailedAsync(app, order, cancellationToken));
    }

    /// <summary>Reads the image of each revision that serves: the active ones, and only those with traffic where any has.</summary>
    /// <param name="query">The host and the image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN9072</c>: the app has no such container; GAN9001 to GAN9018: errors of Azure.</exception>
    public async Task<HostReading> ReadAsync(HostQuery query, CancellationToken cancellationToken)
    {
        var app = await ReadAsync(query.Deployment, query.Target, cancellationToken);
        var container = ContainerApp.NameOf(FindContainer(app, query.Deployment));
        var revisions = await ContainerAppRevisions.ListAsync(
            session.ResourceManager(query.Target), (ContainerAppDeployment)query.Deployment, ApiVersion, cancellationToken);
        return new HostReading
        {
            Images = ContainerAppRevisions.ImagesOf(revisions, container),
            Unsettled = app.IsSettled ? null : app.Failure ?? "a change is in progress",
            HasFailed = app.Failure is not null,
        };
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9073</c>: the revision failed; <c>GAN9074</c>: the revision did not become healthy in
    /// time.</exception>
    public async Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var (set, failed) = await _retry.ExecuteAsync(async token => await SetAsync(order, token), cancellationToken);

        // Wait even when nothing was set: an earlier run may have ended before the revision was healthy.
        var (revision, noTraffic) = await WaitAsync(order, failed, cancellationToken);
        return $"{(set ? "set to" : "has")} {order.Reference}{(set ? "" : " already")}, "
            + $"revision {revision} is healthy{(noTraffic ? " and gets no traffic yet" : "")}";
    }

    // The whole change is retried, starting with the read: a conflict means that the containers may have changed.
    private async Task<(bool Set, string? Failed)> SetAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var app = await ReadAsync(order, cancellationToken);
        var container = FindContainer(app, order.Deployment);
        var isSame = ContainerApp.ImageOf(container) == order.Reference;
        if (isSame && !await HasFailedAsync(app, order, cancellationToken))
            return (false, null);

        container["image"] = order.Reference;
        await session.ResourceManager(order.Target).RunAsync(
            RequestMethod.Patch,
            IdOf(order),
            ApiVersion,
            app.CreatePatch(isSame ? string.Create(CultureInfo.InvariantCulture, $"r{time.GetUtcNow():yyyyMMddHHmmss}") : null),
            AzureDeploymentJson.Default.JsonObject,
            $"setting the image of the {order.Deployment.Description}",
            cancellationToken);
        return (true, isSame ? app.LatestRevision : null);
    }

    // A failed revision stays failed until a new revision is made, even when the cause has been fixed.
    private async Task<bool> HasFailedAsync(ContainerApp app, DeploymentOrder order, CancellationToken cancellationToken) =>
        app.Failure is not null || ContainerAppRevision.Of(await FindRevisionAsync(app, order, cancellationToken)).Failure is not null;

    private async Task<(string Revision, bool NoTraffic)> WaitAsync(
        DeploymentOrder order, string? failed, CancellationToken cancellationToken)
    {
        var deployment = (ContainerAppDeployment)order.Deployment;
        var start = time.GetTimestamp();
        while (true)
        {
            var app = await ReadAsync(order, cancellationToken);
            var name = app.LatestRevision ?? "(none)";
            var state = ContainerAppRevision.Of(await FindRevisionAsync(app, order, cancellationToken));

            // A revision with the previous image, or the one that had failed before, means that the service has not replaced it yet.
            var isNew = name != failed && state.Runs(order.Reference);
            if ((isNew ? state.Failure : null) is { } reason)
                throw AzureDeploymentErrors.RevisionFailed(deployment.Description, name, reason);
            if (app.Failure is { } failure)
                throw AzureDeploymentErrors.RevisionFailed(deployment.Description, name, failure);
            if (isNew && state.IsHealthy && app.IsSettled)
                return (name, app.GivesNoTraffic(name));

            if (time.GetElapsedTime(start) + Pause > deployment.Timeout)
                throw AzureDeploymentErrors.RevisionNotReady(deployment.Description, name, deployment.Timeout, state.ToString());
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static JsonObject FindContainer(ContainerApp app, Deployment declared)
    {
        var deployment = (ContainerAppDeployment)declared;
        var containers = app.Containers;
        if (deployment.Container is { } name)
            return containers.FirstOrDefault(container => ContainerApp.NameOf(container) == name)
                ?? throw AzureDeploymentErrors.ContainerNotFound(deployment.Description, name, [.. containers.Select(ContainerApp.NameOf)]);
        if (containers is [var only])
            return only;
        throw AzureDeploymentErrors.ContainerAmbiguous(deployment.Description, [.. containers.Select(ContainerApp.NameOf)]);
    }

    private Task<ContainerApp> ReadAsync(DeploymentOrder order, CancellationToken cancellationToken) =>
        ReadAsync(order.Deployment, order.Target, cancellationToken);

    private async Task<ContainerApp> ReadAsync(Deployment deployment, PromotionTarget target, CancellationToken cancellationToken)
    {
        var what = $"reading the {deployment.Description}";
        return new ContainerApp(
            await FindAsync(((ContainerAppDeployment)deployment).ResourceId, target, what, cancellationToken)
                ?? throw ArmErrors.NotFound(what, "there is no such app"));
    }

    private async Task<JsonObject?> FindRevisionAsync(ContainerApp app, DeploymentOrder order, CancellationToken cancellationToken) =>
        app.LatestRevision is not { } name
            ? null
            : await FindAsync(
                $"{IdOf(order)}/revisions/{name}",
                order.Target,
                $"reading the revision {name} of the {order.Deployment.Description}",
                cancellationToken);

    private Task<JsonObject?> FindAsync(string path, PromotionTarget target, string what, CancellationToken cancellationToken) =>
        session.ResourceManager(target).FindAsync(path, ApiVersion, AzureDeploymentJson.Default.JsonObject, what, cancellationToken);

    private static string IdOf(DeploymentOrder order) => ((ContainerAppDeployment)order.Deployment).ResourceId;
}
