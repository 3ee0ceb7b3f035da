using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Cli.Tests;

public sealed class VerboseTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("copy")]
    [InlineData("inspect")]
    [InlineData("verify")]
    public async Task Every_command_shows_its_requests_when_asked_to(string command)
    {
        await using var registry = await StartAsync();
        string[] arguments = command == "copy"
            ? [command, $"{registry.Host}/app:v1", $"oci:{_folder.Path}/app"]
            : [command, $"{registry.Host}/app:v1"];

        var quiet = (await CommandRunner.RunAsync(arguments)).EnsureSuccess();
        var verbose = (await CommandRunner.RunAsync([.. arguments, "--verbose"])).EnsureSuccess();

        Assert.DoesNotContain("GET http", quiet.Error + quiet.Output, StringComparison.Ordinal);
        Assert.Contains($"GET http://{registry.Host}/v2/app/manifests/v1: 200, ", verbose.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("GET http", verbose.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blobs_are_shown_with_how_they_were_stored()
    {
        await using var registry = await StartAsync();

        var copied = await CommandRunner.RunAsync("--verbose", "copy", $"{registry.Host}/app:v1", $"oci:{_folder.Path}/app");

        Assert.Matches(@"blob sha256:[0-9a-f]{64} \([^)]+\) in oci:.*/app: uploaded", copied.EnsureSuccess().Error);
    }

    [Fact]
    public async Task The_causes_of_an_error_are_shown_when_asked_for()
    {
        var place = $"localhost:{FreePort.Find()}/app:v1";

        (await CommandRunner.RunAsync("inspect", place)).AssertError("GAN2001");
        var verbose = await CommandRunner.RunAsync("inspect", place, "--verbose");

        Assert.Equal(1, verbose.Code);
        Assert.Contains("GAN2001: ", verbose.Error, StringComparison.Ordinal);
        Assert.Contains("  caused by HttpRequestException: ", verbose.Error, StringComparison.Ordinal);
        Assert.Contains("retry 1 in ", verbose.Error, StringComparison.Ordinal);
    }

    private static async Task<ScriptedRegistry> StartAsync()
    {
        var registry = await ScriptedRegistry.StartAsync();
        registry.Store.Add("app", SampleImage.Create(1, 1000), "v1");
        return registry;
    }
}
