using Docker.DotNet;
using Docker.DotNet.Models;
using Gantry.Docker.Engine;
using Gantry.Testing;

namespace Gantry.Docker.Tests.Fixtures;

/// <summary>One engine, with a base image that has a shell, for all tests that do not change the engine itself.</summary>
public sealed class DockerEngineFixture : IAsyncLifetime
{
    /// <summary>The name of the base image, which exists in the engine only.</summary>
    public const string BaseImage = "gantry.test/busybox:1";

    /// <summary>Gets the engine process.</summary>
    public DockerDaemon Host { get; private set; } = null!;

    /// <summary>Gets the connection to the engine.</summary>
    public DockerEngine Engine { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (DockerDaemon.FindSkipReason() is not null)
            return;
        Host = await DockerDaemon.StartAsync();
        Engine = DockerEngine.Connect(DockerEndpoint.Parse(Host.Host, "the test"));
        await Host.ImportBusyboxAsync(BaseImage);
    }

    public async Task DisposeAsync()
    {
        Engine?.Dispose();
        if (Host is not null)
            await Host.DisposeAsync();
    }

    /// <summary>Waits until no container runs: the engine removes the containers of a build asynchronously.</summary>
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
                // The container has ended and was removed since the list was read.
            }
        }
    }
}

[CollectionDefinition(Name)]
public sealed class DockerEngineCollection : ICollectionFixture<DockerEngineFixture>
{
    public const string Name = "Docker engine";
}
