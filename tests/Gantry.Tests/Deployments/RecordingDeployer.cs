using System.Collections.Concurrent;
using Gantry.Deployments;
using Gantry.Environments;

namespace Gantry.Tests.Deployments;

/// <summary>Tells nobody, and keeps what hosts were told: each is set to it then. Webhooks cannot be asked.</summary>
internal sealed class RecordingDeployer : IDeployer
{
    private readonly ConcurrentQueue<string> _told = new();
    private readonly ConcurrentDictionary<string, string> _hosts = new();

    /// <summary>The host that cannot be told.</summary>
    public string? Failing { get; set; }

    /// <summary>How it fails.</summary>
    public Exception Failure { get; set; } = new GantryException("GAN4094", "it was not rolled out", "look at it");

    /// <summary>What was told, as <c>host: image</c>; also what a host had already.</summary>
    public IReadOnlyList<string> Told => [.. _told];

    public bool Accepts(Deployment deployment) => true;

    public Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var there = _hosts.GetValueOrDefault(NameOf(order), "old");
        return Task.FromResult(order.Deployment is WebhookDeployment ? HostState.Unknown : new HostState(there, there == order.Reference));
    }

    public Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var name = NameOf(order);
        if (name == Failing)
            throw Failure;
        _hosts[name] = order.Reference;
        _told.Enqueue($"{name}: {order.Reference}");
        return Task.FromResult("done");
    }

    private static string NameOf(DeploymentOrder order) => order.Deployment is KubectlDeployment kubectl ? kubectl.Workload : order.Deployment.Description;
}
