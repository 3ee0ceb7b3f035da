using Docker.DotNet;
using Docker.DotNet.Models;
using Gantry.Docker.Engine;
using Gantry.Testing;

namespace Gantry.Docker.Tests.Fixtures;

/// <summary>One engine for all tests that only use it, with a base image that has a shell.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    /// <summary>The base image, in the engine only.</summary>
    public const string Base = "gantry.test/busybox:1";

    /// <summary>The process.</summary>
    public DockerEngineHost Host { get; private set; } = null!;

    /// <summary>The connection to it.</summary>
    public DockerEngine Engine { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (DockerEngineHost.ReasonToSkip() is not null)
            return;
        Host = await DockerEngineHost.StartAsync();
        Engine = DockerEngine.Connect(DockerEndpoint.Parse(Host.Host, "the test"));
        await Host.ImportBusyboxAsync(Base);
    }

    public async Task DisposeAsync()
    {
        Engine?.Dispose();
        if (Host is not null)
            await Host.DisposeAsync();
    }

    /// <summary>Waits for the end of every container: the engine removes a build's own asynchronously.</summary>
    public async Task WaitUntilNoContainerRunsAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        foreach (var container in await Engine.Client.Containers.ListContainersAsync(new ContainersListParameters(), timeout.Token))
        {
            try
            {
                await Engine.Client.Containers.WaitContainerAsync(container.ID, timeout.Token);
            }
            catch (DockerContainerNotFoundException)
            {
                // It ended and was removed since it was listed.
            }
        }
    }
}

[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>
{
    public const string Name = "Docker engine";
}
