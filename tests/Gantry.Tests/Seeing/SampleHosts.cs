using Gantry.Deployments;
using Gantry.Environments;

namespace Gantry.Tests.Seeing;

/// <summary>A host as a user of the packages declares it.</summary>
internal sealed record SampleHost(string Name) : Deployment
{
    public override string Description => $"host {Name}";
}

/// <summary>Hosts that say what a test gave them.</summary>
internal sealed class SampleHosts : IDeployer, IHostReader
{
    /// <summary>Gets what each host runs, by its name.</summary>
    public Dictionary<string, Func<HostQuery, HostReading>> Runs { get; } = new(StringComparer.Ordinal);

    public int Reads { get; private set; }

    public bool Accepts(Deployment deployment) => deployment is SampleHost;

    public Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("a verification plans nothing");

    public Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("a verification changes nothing");

    public Task<HostReading> ReadAsync(HostQuery query, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(Runs[((SampleHost)query.Deployment).Name](query));
    }
}
