using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Cli.Tests;

/// <summary>A proxy is for the way out: what this machine says to itself, credentials included, is not for it to see.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task A_registry_on_this_machine_is_spoken_to_directly(string name)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var proxy = await ScriptedRegistry.StartAsync();
        var image = SampleImage.Create(1, 1000);
        registry.Store.Add("app", image, "v1");

        var result = await GantryProcess.RunWithAsync("http_proxy", proxy.Url, "inspect", $"{registry.Host.Replace("localhost", name, StringComparison.Ordinal)}/app:v1");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task Another_machine_is_spoken_to_through_the_proxy()
    {
        await using var proxy = await ScriptedRegistry.StartAsync();
        proxy.Store.Add("app", SampleImage.Create(1, 1000), "v1");

        var result = await GantryProcess.RunWithAsync("http_proxy", proxy.Url, "inspect", "--plain-http", "registry.example.com", "registry.example.com/app:v1");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.NotEmpty(proxy.Requests);
    }
}
