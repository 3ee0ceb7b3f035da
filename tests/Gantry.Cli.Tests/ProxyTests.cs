using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Cli.Tests;

/// <summary>A proxy is for requests to other machines: it must not see requests to this machine with their credentials.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task A_registry_on_this_machine_is_reached_directly(string name)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var proxy = await ScriptedRegistry.StartAsync();
        var image = SampleImage.Create(1, 1000);
        registry.Store.Add("app", image, "v1");

        var result = await GantryProcess.RunWithVariableAsync(
            "http_proxy", proxy.Url, "inspect", $"{registry.Host.Replace("localhost", name, StringComparison.Ordinal)}/app:v1");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task A_registry_on_another_machine_is_reached_through_the_proxy()
    {
        await using var proxy = await ScriptedRegistry.StartAsync();
        proxy.Store.Add("app", SampleImage.Create(1, 1000), "v1");

        var result = await GantryProcess.RunWithVariableAsync(
            "http_proxy", proxy.Url, "inspect", "--plain-http", "registry.example.com", "registry.example.com/app:v1");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.NotEmpty(proxy.Requests);
    }
}
