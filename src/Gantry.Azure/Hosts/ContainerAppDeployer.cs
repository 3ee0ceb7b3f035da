using System.Text.Json.Nodes;
using Azure.Core;
using Gantry.Deployments;
using Polly;
using Polly.Retry;

namespace Gantry.Azure;

/// <summary>Sets images of Container Apps by digest, and waits until the new revision is healthy.</summary>
/// <param name="session">Gives the identity of the environment.</param>
/// <param name="time">The clock, for pauses and time limits.</param>
/// <seealso href="https://learn.microsoft.com/rest/api/containerapps/container-apps/update">Container Apps, update (JSON merge patch)</seealso>
public sealed class ContainerAppDeployer(AzureSession session, TimeProvider time) : IDeployer
{
    private const string ApiVersion = "2024-03-01";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // While somebody else's change is under way, the service refuses another.
    private readonly ResiliencePipeline _retry = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 6,
            BackoffType = DelayBackoffType.Exponential,
            Delay = Pause,
            MaxDelay = TimeSpan.FromMinutes(1),
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<GantryException>(error => error.Code == ArmErrors.ConflictCode),
        })
        .Build();

    /// <inheritdoc/>
    public bool Accepts(Deployment deployment) => deployment is ContainerAppDeployment;

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9072</c>: no such container in the app; GAN9001 to GAN9018 what Azure says.</exception>
    public async Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var app = await ReadAsync(order, cancellationToken);
        var image = ContainerApp.ImageOf(FindContainer(app, order));
        return new HostState(image, image == order.Reference);
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN9073</c>: the revision failed; <c>GAN9074</c>: it is not healthy in time.</exception>
    public async Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var app = await ReadAsync(order, cancellationToken);
        var container = FindContainer(app, order);
        var set = ContainerApp.ImageOf(container) != order.Reference;
        if (set)
        {
            container["image"] = order.Reference;
            await _retry.ExecuteAsync(
                async token => await session.ResourceManager(order).RunAsync(
                    RequestMethod.Patch, IdOf(order), ApiVersion, app.CreatePatch(), HostJson.Default.JsonObject, $"setting the image of the {order.Deployment.Description}", token),
                cancellationToken);
        }

        // Also where nothing was set: an earlier run may have ended before the revision was healthy.
        var (revision, noTraffic) = await WaitAsync(order, cancellationToken);
        return $"{(set ? "set to" : "has")} {order.Reference}{(set ? "" : " already")}, revision {revision} is healthy{(noTraffic ? " and gets no traffic yet" : "")}";
    }

    private async Task<(string Revision, bool NoTraffic)> WaitAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var deployment = (ContainerAppDeployment)order.Deployment;
        var start = time.GetTimestamp();
        while (true)
        {
            var app = await ReadAsync(order, cancellationToken);
            var name = app.LatestRevision ?? "(none)";
            var revision = app.LatestRevision is null ? null : await FindAsync($"{IdOf(order)}/revisions/{name}", order, $"reading the revision {name} of the {deployment.Description}", cancellationToken);
            var state = ContainerAppRevision.Of(revision);
            if (app.Failure is { } failure)
                throw HostErrors.RevisionFailed(deployment.Description, name, failure);

            // A revision of the image before is one that the service has not yet replaced.
            if (state.Runs(order.Reference))
            {
                if (state.Failure is { } reason)
                    throw HostErrors.RevisionFailed(deployment.Description, name, reason);
                if (state.IsHealthy && app.IsSettled)
                    return (name, app.GivesNoTraffic(name));
            }

            if (time.GetElapsedTime(start) + Pause > deployment.Timeout)
                throw HostErrors.RevisionNotReady(deployment.Description, name, deployment.Timeout, state.ToString());
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static JsonObject FindContainer(ContainerApp app, DeploymentOrder order)
    {
        var deployment = (ContainerAppDeployment)order.Deployment;
        var containers = app.Containers;
        return deployment.Container is { } name
            ? containers.FirstOrDefault(container => ContainerApp.NameOf(container) == name) ?? throw HostErrors.ContainerNotFound(deployment.Description, name, [.. containers.Select(ContainerApp.NameOf)])
            : containers is [var only] ? only : throw HostErrors.ContainerNotTold(deployment.Description, [.. containers.Select(ContainerApp.NameOf)]);
    }

    private async Task<ContainerApp> ReadAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var what = $"reading the {order.Deployment.Description}";
        return new ContainerApp(await FindAsync(IdOf(order), order, what, cancellationToken) ?? throw ArmErrors.NotFound(what, "there is no such app"));
    }

    private Task<JsonObject?> FindAsync(string path, DeploymentOrder order, string what, CancellationToken cancellationToken) =>
        session.ResourceManager(order).FindAsync(path, ApiVersion, HostJson.Default.JsonObject, what, cancellationToken);

    private static string IdOf(DeploymentOrder order) => ((ContainerAppDeployment)order.Deployment).ResourceId;
}
