using Gantry.Docker;
using Gantry.Testing;

namespace Gantry.Docker.Tests;

/// <summary>One engine for all tests that only use it, with a base image that has a shell.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    /// <summary>The base image, in the engine only.</summary>
    public const string Base = "gantry.test/busybox:1";

    private DockerEngineHost? _host;

    /// <summary>The engine.</summary>
    public DockerEngine Engine { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (DockerEngineHost.MissingReason is not null)
            return;
        _host = await DockerEngineHost.StartAsync();
        Engine = DockerEngine.Connect(DockerEndpoint.Parse(_host.Host, "the test"));
        await Engine.ImportBusyboxAsync(Base);
    }

    public async Task DisposeAsync()
    {
        Engine?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>
{
    public const string Name = "Docker engine";
}
