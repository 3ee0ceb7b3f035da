using System.Text;
using System.Text.Json.Nodes;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Verification;

namespace Gantry.Cli.Tests;

/// <summary><c>gantry check-base</c>: base images of releases that have moved on, from the declaration alone.</summary>
public sealed class CheckBaseCommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();
    private RealRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await RealRegistry.StartAsync();

    public async Task DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [RegistryFact]
    public async Task A_base_image_that_has_moved_on_is_shown_in_each_format_and_is_exit_code_8()
    {
        var environments = await PromoteAsync(await PushBaseAsync(1), RegistryAddress.Parse($"{_registry.Host}/dev"));
        var current = await RunAsync("--environments", environments);
        var moved = await PushBaseAsync(2);

        var table = await RunAsync("--environments", environments);
        var json = await RunAsync("--environments", environments, "--format", "json");
        var markdown = await RunAsync("--environments", environments, "--format", "markdown", "--no-packages");

        Assert.Equal((0, 8, 8, 8), (current.Code, table.Code, json.Code, markdown.Code));
        Assert.Matches($@"dev +app +1\.0\.0 +{_registry.Host}/runtime:1 +current", current.Output);
        Assert.Matches($@"dev +app +1\.0\.0 +{_registry.Host}/runtime:1 +moved", table.Output);
        Assert.Contains("## Base images", markdown.Output, StringComparison.Ordinal);
        var document = JsonNode.Parse(json.Output)!;
        Assert.Equal((1, $"{moved}"), ((int)document["schema"]!, (string)document["moved"]![0]!["digestNow"]!));

        // The layers are no archives; without packages, none is read.
        Assert.NotEmpty(document["moved"]![0]!["unknown"]!.AsArray());
        Assert.DoesNotContain("packages are not compared", markdown.Output, StringComparison.Ordinal);
        Assert.Equal("", current.Error + table.Error + json.Error + markdown.Error);
    }

    [RegistryFact]
    public async Task A_registry_that_is_not_named_is_not_asked_and_is_a_failure()
    {
        var environments = await PromoteAsync(await PushBaseAsync(1), AddressOf("dev"));
        await PushBaseAsync(2);

        var refused = await RunAsync("--environments", environments);
        var named = await RunAsync("--environments", environments, "--base-image-registry", _registry.Host);

        Assert.Equal((1, 8), (refused.Code, named.Code));
        Assert.Contains("GAN4832", refused.Output, StringComparison.Ordinal);
        Assert.Contains("--base-image-registry", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("GAN4832", named.Output, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task An_image_without_a_record_is_shown_and_is_no_failure()
    {
        var environments = await PromoteAsync(baseImage: null, AddressOf("dev"));

        var result = (await RunAsync("--environments", environments)).EnsureSuccess();

        Assert.Contains("not known (GAN4830)", result.Output, StringComparison.Ordinal);
    }

    private static Task<CommandRunner.CommandResult> RunAsync(params string[] arguments) =>
        CommandRunner.RunAsync(["check-base", .. arguments]);

    private RegistryAddress AddressOf(string name) => RegistryAddress.Parse($"oci:{_folder.Combine(name)}");

    private async Task<Digest> PushBaseAsync(int seed)
    {
        var image = SampleImage.Create(seed, 50);
        var repository = _session.Open(_registry.Address, "runtime");
        await image.PushAsync(repository);
        await repository.PutTagAsync("1", image.Root, default);
        return image.Root.Descriptor.Digest;
    }

    /// <summary>Publishes a release on a base image and promotes it; returns the file with the declaration.</summary>
    private async Task<string> PromoteAsync(Digest? baseImage, RegistryAddress to)
    {
        var image = CreateImage(baseImage);
        var workshop = _session.Open(AddressOf("workshop"), "app");
        await image.PushAsync(workshop);
        var release = (await new Publisher(_session, TimeProvider.System).PublishAsync(
            new PublishRequest
            {
                Version = "1.0.0",
                Commit = new string('a', 40),
                Base = AddressOf("base"),
                Images = [new ImageToPublish("app", workshop, new BuiltImage(image.Root, [Platform.LinuxAmd64], null, standIn: false))],
            },
            default)).Release;
        var dev = new PromotionTarget(new PromotionEnvironment("dev"), Region: null, to);
        var plan = await new PromotionPlanner(_session).PlanAsync(
            new PromotionRequest { Release = release, Base = AddressOf("base"), Targets = [dev] }, default);
        (await new Promoter().ApplyAsync(plan, default)).ThrowIfFailed();
        var policy = new VerificationPolicy { Base = AddressOf("base"), Images = ["app"], Targets = [dev] };
        return _folder.Write("environments.json", PolicyDocument.Of(policy).ToJson());
    }

    private SampleImage CreateImage(Digest? baseImage)
    {
        var labels = baseImage is null ? new JsonObject() : new JsonObject
        {
            ["org.opencontainers.image.base.name"] = $"{_registry.Host}/runtime:1",
            ["org.opencontainers.image.base.digest"] = $"{baseImage}",
        };
        var config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Labels"] = labels },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() },
        }.ToJsonString());
        var described = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = Digest.Of(config), Size = config.Length };
        return new SampleImage(
            ManifestContent.Create(new Manifest { MediaType = MediaTypes.OciManifest, Config = described, Layers = [] }),
            new Dictionary<Digest, byte[]> { [described.Digest] = config });
    }
}
