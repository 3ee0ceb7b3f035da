using System.Text;
using Gantry.Testing;
using Gantry.Testing.Azure;

namespace Gantry.Cli.Tests;

/// <summary>The command line at an Azure registry: it signs in as a build does.</summary>
public sealed class AzureSignInTests : IAsyncLifetime
{
    private const string Host = "contoso.azurecr.io";

    private readonly TempFolder _folder = new();
    private FakeAcrTokenService _tokens = null!;
    private RealRegistry _registry = null!;
    private NamedHosts _hosts = null!;

    public async Task InitializeAsync()
    {
        if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is not null)
            return;
        _tokens = await FakeAcrTokenService.StartAsync();
        _registry = await _tokens.StartRegistryAsync(new Uri($"https://{Host}"));
        _hosts = await NamedHosts.StartAsync((host, path) => host != Host ? null
            : path.StartsWith("/oauth2/", StringComparison.Ordinal) ? _tokens.Address
            : new Uri($"http://localhost:{_registry.Port}"));
    }

    public async Task DisposeAsync()
    {
        if (_hosts is not null)
            await _hosts.DisposeAsync();
        if (_registry is not null)
            await _registry.DisposeAsync();
        if (_tokens is not null)
            await _tokens.DisposeAsync();
        _folder.Dispose();
    }

    [RegistryFact]
    public async Task A_copy_signs_in_with_the_Azure_CLI_and_asks_for_its_repository_only()
    {
        _tokens.Rights["team/app"] = ["pull", "push"];
        var image = await CreateSourceAsync();

        var copied = await RunAsync(signedIn: true, "copy", image, $"{Host}/team/app:v1");
        var verified = await RunAsync(signedIn: true, "verify", $"{Host}/team/app:v1");

        Assert.True(copied.ExitCode == 0, copied.Error);
        Assert.Contains("Azure: signed in with Azure CLI", copied.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Azure", copied.Output, StringComparison.Ordinal);
        Assert.True(verified.ExitCode == 0, verified.Error);
        Assert.Equal(2, _tokens.Exchanges);
        Assert.Empty(_tokens.Violations);
        Assert.DoesNotContain(FakeAcrTokenService.EntraToken, copied.Error + copied.Output, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task A_missing_role_is_named_after_a_sign_in()
    {
        var run = await RunAsync(signedIn: true, "inspect", $"{Host}/other:v1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("GAN2003: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("Container Registry Repository Reader", run.Error, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task Without_a_sign_in_access_is_anonymous_and_a_refusal_says_how_to_sign_in()
    {
        var run = await RunAsync(signedIn: false, "inspect", $"{Host}/team/app:v1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("run 'az login'", run.Error, StringComparison.Ordinal);
        Assert.Contains("not signed in to Azure", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, _tokens.Exchanges);
        Assert.Contains($"GET {Host}/oauth2/token", _hosts.Requests);
    }

    [RegistryFact]
    public async Task Without_a_sign_in_a_public_repository_can_be_read()
    {
        _tokens.Rights["public/app"] = ["pull", "push"];
        _tokens.PublicRepositories.Add("public/app");
        var copied = await RunAsync(signedIn: true, "copy", await CreateSourceAsync(), $"{Host}/public/app:v1");
        Assert.True(copied.ExitCode == 0, copied.Error);

        var run = await RunAsync(signedIn: false, "inspect", $"{Host}/public/app:v1");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("", run.Error);
    }

    [RegistryFact]
    public async Task Credentials_of_Docker_come_first()
    {
        var run = await RunAsync(
            signedIn: true,
            new Dictionary<string, string> { ["DOCKER_CONFIG"] = Path.GetDirectoryName(WriteDockerConfig())! },
            "inspect",
            $"{Host}/team/app:v1");

        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("Azure: signed in", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, _tokens.Exchanges);
    }

    [Fact]
    public async Task Another_registry_loads_no_sign_in()
    {
        await using var registry = await Testing.Faults.ScriptedRegistry.StartAsync();
        registry.Store.Add("app", SampleImage.Create(1, 1000), "v1");

        (await CommandRunner.RunAsync("inspect", $"{registry.Host}/app:v1")).EnsureSuccess();

        // The other tests here sign in within processes of their own.
        string[] loaded = [.. AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!)];
        Assert.Contains("Gantry", loaded);
        Assert.DoesNotContain("Azure.Identity", loaded);
        Assert.DoesNotContain("Azure.Core", loaded);
    }

    private string WriteDockerConfig() => _folder.Write(
        "docker/config.json", Encoding.UTF8.GetBytes("{\"auths\":{\"" + Host + "\":{\"auth\":\"bWU6c2VjcmV0\"}}}"));

    private async Task<string> CreateSourceAsync()
    {
        await using var session = new Gantry.Registries.RegistrySession();
        var image = SampleImage.Create(3, 10_000);
        var repository = session.Open(Gantry.Oci.RegistryAddress.Parse($"oci:{_folder.Combine("source")}"), "app");
        await image.PushAsync(repository);
        await repository.PutTagAsync("v1", image.Root, default);
        return $"oci:{_folder.Combine("source")}/app:v1";
    }

    private Task<ProcessResult> RunAsync(bool signedIn, params string[] arguments) =>
        RunAsync(signedIn, new Dictionary<string, string> { ["DOCKER_CONFIG"] = _folder.Combine("no-docker") }, arguments);

    // The Azure CLI comes before the managed identity in a task of a pipeline. The metadata service is asked through the proxy, which has
    // none.
    private Task<ProcessResult> RunAsync(bool signedIn, IReadOnlyDictionary<string, string> more, params string[] arguments) =>
        GantryProcess.RunAsync(
            new Dictionary<string, string>(_hosts.Environment.Concat(more))
            {
                ["PATH"] = $"{WriteAzureCli(signedIn)}:/usr/bin:/bin",
                ["HOME"] = _folder.Combine("home"),
                ["http_proxy"] = _hosts.Environment["https_proxy"],
                ["AZURESUBSCRIPTION_CLIENT_ID"] = signedIn ? "11111111-0000-0000-0000-000000000001" : "",
            },
            arguments);

    private string WriteAzureCli(bool signedIn)
    {
        var answer = signedIn
            ? $$"""{"accessToken":"{{FakeAcrTokenService.EntraToken}}","expiresOn":"2099-01-01 00:00:00.000000","tokenType":"Bearer"}"""
            : "";
        var program = _folder.Write("bin/az", Encoding.UTF8.GetBytes(signedIn
            ? $"#!/bin/sh\necho '{answer}'\n"
            : "#!/bin/sh\necho \"Please run 'az login' to setup account.\" >&2\nexit 1\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Path.GetDirectoryName(program)!;
    }
}
