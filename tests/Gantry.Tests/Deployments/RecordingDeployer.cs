using System.Collections.Concurrent;
using Gantry.Deployments;
using Gantry.Environments;

namespace Gantry.Tests.Deployments;

/// <summary>Records deployments without executing them; each host then has the image. The state of webhooks is unknown.</summary>
internal sealed class RecordingDeployer : IDeployer
{
    private readonly ConcurrentQueue<string> _told = new();
    private readonly ConcurrentDictionary<string, string> _hosts = new();

    /// <summary>The host whose deployment fails.</summary>
    public string? FailingHost { get; set; }

    /// <summary>The error of that host.</summary>
    public Exception Failure { get; set; } = new GantryException("GAN4094", "it was not rolled out", "look at it");

    /// <summary>Gets the deployments, as <c>host: image</c>; also those of hosts that had the image.</summary>
    public IReadOnlyList<string> Deployed => [.. _told];

    public bool Accepts(Deployment deployment) => true;

    public Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var there = _hosts.GetValueOrDefault(NameOf(order), "old");
        return Task.FromResult(order.Deployment is WebhookDeployment ? HostState.Unknown : new HostState(there, there == order.Reference));
    }

    public Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var name = NameOf(order);
        if (name == FailingHost)
            throw Failure;
        _hosts[name] = order.Reference;
        _told.Enqueue($"{name}: {order.Reference}");
        return Task.FromResult("done");
    }

    private static string NameOf(DeploymentOrder order) =>
        order.Deployment is KubectlDeployment kubectl ? kubectl.Workload : order.Deployment.Description;
}
