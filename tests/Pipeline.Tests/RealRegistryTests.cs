using System.Text;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>The build with real registries, verified with skopeo.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class RealRegistryTests(RepositoryClone clone) : IAsyncLifetime
{
    public Task InitializeAsync() => clone.PromoteDevAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [SkopeoRegistryFact]
    public async Task The_digest_that_was_built_arrives_in_every_environment()
    {
        await using var registry = await RealRegistry.StartAsync();
        var registries = Registries(registry);

        var first = await clone.BuildAsync(
            ["PromoteProd", "--approve", "tested", "--override-soak", "the test cannot wait", .. registries]);
        var second = await clone.BuildAsync(["PromoteProd", .. RepositoryClone.BuiltAlready, .. registries]);

        Assert.True(first.ExitCode == 0, first.Output);
        Assert.True(second.ExitCode == 0, second.Output);
        Assert.Equal(3, second.Output.Split("Nothing moves").Length - 1);
        var expected = await Skopeo.InspectRawAsync($"docker://{registry.Host}/base/app:1.2.0");
        foreach (var environment in new[] { "dev", "test", "prod" })
            Assert.Equal(expected, await Skopeo.InspectRawAsync($"docker://{registry.Host}/{environment}/app:1.2.0"));
    }

    [SkopeoRegistryFact]
    public async Task A_moved_base_tag_stops_the_promotion()
    {
        await using var registry = await RealRegistry.StartAsync();
        var registries = Registries(registry);
        Assert.Equal(0, (await clone.BuildAsync(["PushBase", "--skip", .. registries])).ExitCode);
        await MoveBaseTagAsync(registry);

        var run = await clone.BuildAsync(["PromoteDev", "--skip", .. registries]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("GAN4021: ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(registry.Storage, "docker/registry/v2/repositories/dev")));
    }

    [SkopeoRegistryFact]
    public async Task A_tag_with_another_digest_is_moved_only_with_a_reason()
    {
        await using var registry = await RealRegistry.StartAsync();
        var registries = Registries(registry);
        Assert.Equal(0, (await clone.BuildAsync(["PushBase", "--skip", .. registries])).ExitCode);
        await MoveBaseTagAsync(registry);

        var refused = await clone.BuildAsync(["PushBase", "--skip", .. registries]);
        var moved = await clone.BuildAsync(
            ["PromoteDev", "--move-tag", "somebody pushed by hand", .. RepositoryClone.BuiltAlready, .. registries]);

        Assert.Contains("GAN4035: ", refused.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.True(moved.ExitCode == 0, moved.Output);
        Assert.Contains("because: somebody pushed by hand", moved.Output, StringComparison.Ordinal);
    }

    [SkopeoRegistryFact]
    public async Task A_tag_in_the_image_store_is_moved_only_with_a_reason()
    {
        await using var registry = await RealRegistry.StartAsync();
        var registries = Registries(registry);
        Assert.Equal(0, (await clone.BuildAsync(["PushBase", "--skip", .. registries])).ExitCode);
        await MoveBaseTagAsync(registry);
        string[] store =
            ["BuildImage", "--skip", "--image-store", $"{registry.Host}/base", "--base-registry", "oci:artifacts/registries/other"];

        var refused = await clone.BuildAsync(store);
        var moved = await clone.BuildAsync([.. store, "--move-tag", "somebody pushed by hand"]);
        var again = await clone.BuildAsync(store);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("GAN4035: ", refused.Output, StringComparison.Ordinal);
        Assert.True(moved.ExitCode == 0, moved.Output);
        Assert.True(again.ExitCode == 0, again.Output);
    }

    [SkopeoRegistryFact]
    public async Task Variables_of_a_registry_sign_in_to_its_host_only()
    {
        await using var harbor = await RealRegistry.StartAsync(new() { RequiresPassword = true });
        await using var other = await RealRegistry.StartAsync(new() { RequiresPassword = true });
        var variables = new Dictionary<string, string>
        {
            ["BaseRegistryUser"] = RealRegistry.UserName,
            ["BaseRegistryPassword"] = RealRegistry.Password,
        };
        string[] registries = ["--base-registry", $"{harbor.Host}/base", "--dev-registry", $"{harbor.Host}/dev"];

        var promoted = await RepositoryClone.BuildInAsync(
            clone.Root, variables, ["PromoteDev", .. RepositoryClone.BuiltAlready, .. registries]);
        var refused = await RepositoryClone.BuildInAsync(
            clone.Root, variables, ["PromoteDev", "--skip", .. registries[..3], $"{other.Host}/dev"]);
        variables["DevRegistryUser"] = "gantry";
        var incomplete = await RepositoryClone.BuildInAsync(clone.Root, variables, ["PromoteDev", "--skip", .. registries]);

        Assert.True(promoted.ExitCode == 0, promoted.Output);
        Assert.DoesNotContain(RealRegistry.Password, promoted.Output, StringComparison.Ordinal);
        Assert.Contains("GAN2003: ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("GAN8080: ", incomplete.Output, StringComparison.Ordinal);
    }

    [SkopeoRegistryFact]
    public async Task The_folder_that_the_Docker_task_writes_signs_in()
    {
        await using var registry = await RealRegistry.StartAsync(new() { RequiresPassword = true });
        using var folder = new TempFolder();
        folder.Write("config.json", Encoding.UTF8.GetBytes($$$"""
            {"auths":{"https://{{{registry.Host}}}/":{"auth":"{{{Convert.ToBase64String("gantry:swordfish"u8)}}}","email":""}},
            "HttpHeaders":{"X-Meta-Source-Client":"VSTS"}}
            """));

        var run = await RepositoryClone.BuildInAsync(
            clone.Root,
            new Dictionary<string, string> { ["DOCKER_CONFIG"] = folder.Path },
            "PushBase", "--skip", "--base-registry", $"{registry.Host}/base");

        Assert.True(run.ExitCode == 0, run.Output);
    }

    [Theory]
    [InlineData("--dev-registry-password")]
    [InlineData("--base-registry-user")]
    public async Task A_credential_on_the_command_line_is_refused_and_not_repeated(string parameter)
    {
        var run = await clone.BuildAsync("PromoteDev", parameter, "sword-of-fish");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"GAN8081: {parameter} is no parameter", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sword-of-fish", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_registry_is_named()
    {
        var run = await clone.BuildAsync(
            ["PromoteDev", "--dev-registry", $"localhost:{FreePort.Find()}", .. RepositoryClone.BuiltAlready]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Matches(@"GAN2001: the registry localhost:\d+ cannot be reached", run.Output);
    }

    private static string[] Registries(RealRegistry registry) =>
    [
        "--base-registry", $"{registry.Host}/base",
        "--dev-registry", $"{registry.Host}/dev",
        "--test-registry", $"{registry.Host}/test",
        "--prod-registry", $"{registry.Host}/prod",
    ];

    // Like a manual push.
    private static async Task MoveBaseTagAsync(RealRegistry registry)
    {
        await using var session = new RegistrySession();
        var repository = session.Open(RegistryAddress.Parse($"{registry.Host}/base"), "app");
        var other = SampleImage.Create(1, 1000);
        await other.PushAsync(repository);
        await repository.PutTagAsync("1.2.0", other.Root, CancellationToken.None);
    }
}
