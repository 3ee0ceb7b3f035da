using System.Text.Json;
using Gantry.Environments;

namespace Gantry.Deployments.Kubernetes;

/// <summary>Sets images of Kubernetes workloads with the kubectl program.</summary>
/// <param name="time">The clock that retries use.</param>
/// <param name="program">The program: a path, or a name on the PATH.</param>
public sealed class KubectlDeployer(TimeProvider time, string program = "kubectl") : IDeployer, IHostReader
{
    private static readonly string[] ContainerLists = ["containers", "initContainers"];

    /// <summary>Receives one line about each retry; null for none.</summary>
    public Action<string>? Log { get; init; }

    private Kubectl Program => field ??= new(time, program, Log);

    /// <inheritdoc/>
    public bool Accepts(Deployment deployment) => deployment is KubectlDeployment;

    /// <inheritdoc/>
    public async Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var image = await FindImageAsync((KubectlDeployment)order.Deployment, cancellationToken);
        return new HostState(image, image == order.Reference);
    }

    /// <summary>
    /// Reads the image of the container in the template of the workload, whether its rollout is complete, and since when. Its pods are not
    /// read.
    /// </summary>
    /// <param name="query">The host and the image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<HostReading> ReadAsync(HostQuery query, CancellationToken cancellationToken)
    {
        var workload = (KubectlDeployment)query.Deployment;
        return await ReadAsync(
            workload,
            found => new HostReading
            {
                Images =
                [
                    new HostImage(FindImage(found, workload))
                    {
                        Part = $"container {workload.Container}",
                        Since = WorkloadStatus.FindRolloutTime(found),
                    },
                ],
                Unsettled = WorkloadStatus.FindUnsettled(found),
                HasFailed = WorkloadStatus.HasFailed(found),
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var workload = (KubectlDeployment)order.Deployment;
        var set = await FindImageAsync(workload, cancellationToken) != order.Reference;
        if (set)
            await Program.RunAsync(
                workload, cancellationToken, "set", "image", workload.Resource, $"{workload.Container}={order.Reference}");

        // Also when nothing was set: an earlier run may have ended before the rollout did.
        await Program.WaitForRolloutAsync(workload, cancellationToken);
        return set ? $"set to {order.Reference} and rolled out" : $"has {order.Reference} already, rolled out";
    }

    private Task<string> FindImageAsync(KubectlDeployment workload, CancellationToken cancellationToken) =>
        ReadAsync(workload, found => FindImage(found, workload), cancellationToken);

    private static string FindImage(JsonElement found, KubectlDeployment workload)
    {
        var pod = found.GetProperty("spec").GetProperty("template").GetProperty("spec");
        var containers = ContainerLists
            .SelectMany(list =>
                pod.TryGetProperty(list, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : [])
            .Select(container => (Name: container.GetProperty("name").GetString()!, Image: container.GetProperty("image").GetString()!))
            .ToList();
        return containers.Find(container => container.Name == workload.Container).Image
            ?? throw DeploymentErrors.ContainerNotFound(
                workload.Description, workload.Container, containers.Select(container => container.Name));
    }

    private async Task<T> ReadAsync<T>(KubectlDeployment workload, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var output = await Program.RunAsync(workload, cancellationToken, "get", workload.Resource, "--output", "json");
        try
        {
            using var document = JsonDocument.Parse(output);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw DeploymentErrors.KubectlFailed(workload.Description, "its answer is not the JSON of a workload");
        }
    }
}
