using System.Text.Json.Nodes;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Verification;

namespace Gantry.Cli.Tests;

/// <summary>
/// <c>gantry status</c>, <c>history</c>, <c>audit</c> and others: without a clone, with the declaration of a file or of a registry.
/// </summary>
public sealed class SeeingCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();

    public void Dispose() => _folder.Dispose();

    private PromotionEnvironment Dev => new("dev");

    private PromotionEnvironment Prod => new("prod") { After = Dev };

    private string Declaration => _folder.Combine("environments.json");

    [Fact]
    public async Task Status_shows_what_runs_where_in_each_format()
    {
        await PromoteAsync();

        var table = (await RunAsync("status")).EnsureSuccess();
        var markdown = (await RunAsync("status", "--format", "markdown")).EnsureSuccess();
        var json = JsonNode.Parse((await RunAsync("status", "--format", "json")).EnsureSuccess().Output)!;

        Assert.Matches(@"dev +1\.0\.0 +\d{4}-", table.Output);
        Assert.Matches("prod +none", table.Output);
        Assert.StartsWith("## Environments\n", markdown.Output, StringComparison.Ordinal);
        Assert.Equal(1, (int)json["schema"]!);
        Assert.Equal(
            ("1.0.0", new string('a', 40), "unsigned"),
            ((string?)json["cells"]![0]!["version"], (string?)json["cells"]![0]!["commit"], (string?)json["cells"]![0]!["signature"]));
    }

    [Fact]
    public async Task Status_of_what_is_not_as_it_was_promoted_ends_with_1()
    {
        await PromoteAsync();
        var foreign = SampleImage.Create(9, 64);
        var repository = _session.Open(AddressOf("dev"), "app");
        await foreign.PushAsync(repository);
        await repository.PutTagAsync("1.0.0", foreign.Root, default);

        var run = await RunAsync("status");

        Assert.Equal(1, run.Code);
        Assert.Contains("GAN4056", run.Output, StringComparison.Ordinal);
        Assert.Contains("./build.sh PromoteDev --skip --move-tag \"reason\" --release 1.0.0", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_shows_an_environment_or_the_way_of_an_image()
    {
        await PromoteAsync();

        var ofDev = (await RunAsync("history", "dev")).EnsureSuccess();
        var way = JsonNode.Parse(
            (await RunAsync("history", "--image", "app", "--release", "1.0.0", "--format", "json")).EnsureSuccess().Output)!;

        Assert.Matches(@"UTC +promoted +1\.0\.0", ofDev.Output);
        Assert.Equal(
            ["release", "promotion"], way["entries"]!.AsArray().Select(entry => (string?)entry!["kind"]));
    }

    [Theory]
    [InlineData("Either an environment", "history")]
    [InlineData("belong to --image", "history", "--release", "1.0.0")]
    [InlineData("Either an environment", "history", "dev", "--image", "app", "--release", "1.0.0")]
    public async Task History_needs_one_thing_to_show(string message, params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal(2, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GAN4008", "history", "nowhere")]
    [InlineData("GAN4404", "history", "dev", "--image", "other")]
    [InlineData("GAN4040", "audit", "app")]
    [InlineData("GAN4404", "audit", "localhost:1/other@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_not_declared_is_named(string code, params string[] arguments)
    {
        await PromoteAsync();

        (await RunAsync(arguments)).AssertError(code);
    }

    [Fact]
    public async Task Audit_takes_the_name_of_the_declaration_or_a_place()
    {
        var release = await PromoteAsync();
        var digest = release.Images[0].Digest;

        var byName = (await RunAsync("audit", $"app@{digest}", "--format", "json")).EnsureSuccess();
        var byPlace = (await RunAsync("audit", $"oci:{_folder.Combine("dev")}/app@{digest}", "--format", "json")).EnsureSuccess();

        var entries = JsonNode.Parse(byName.Output)!["entries"]!.AsArray();
        Assert.Equal(["release", "promotion"], entries.Select(entry => (string?)entry!["kind"]));
        Assert.Equal("app", (string?)JsonNode.Parse(byPlace.Output)!["image"]);
    }

    [Fact]
    public async Task The_declaration_of_a_registry_is_used_with_a_warning_and_without_one_when_it_is_pinned()
    {
        var release = await PromoteAsync();
        var stored = await StoreDeclarationAsync(release);
        var image = $"oci:{_folder.Combine("base")}/app";

        var byTag = (await CommandRunner.RunAsync("status", "--environments", $"{image}:1.0.0")).EnsureSuccess();
        var pinned = (await CommandRunner.RunAsync("status", "--environments", $"{image}@{stored}")).EnsureSuccess();

        Assert.Contains("as trustworthy as that registry", byTag.Error, StringComparison.Ordinal);
        Assert.Contains($"{stored}", byTag.Error, StringComparison.Ordinal);
        Assert.Equal("", pinned.Error);
        Assert.Matches(@"dev +1\.0\.0", pinned.Output);
        (await CommandRunner.RunAsync("status", "--environments", $"oci:{_folder.Combine("dev")}/app:1.0.0")).AssertError("GAN4215");
    }

    [Theory]
    [InlineData("verify-environments")]
    [InlineData("prune", "--may-be-empty", "prod")]
    [InlineData("report", "--output", "{0}/page")]
    [InlineData("diff", "dev", "1.0.0")]
    public async Task Every_command_takes_the_declaration_of_a_registry(params string[] command)
    {
        var release = await PromoteAsync();
        var stored = await StoreDeclarationAsync(release);
        var image = $"oci:{_folder.Combine("base")}/app";
        var arguments = command.Select(argument => argument.Replace("{0}", _folder.Path, StringComparison.Ordinal)).ToArray();

        var byTag = (await CommandRunner.RunAsync([.. arguments, "--environments", $"{image}:1.0.0"])).EnsureSuccess();
        var pinned = (await CommandRunner.RunAsync([.. arguments, "--environments", $"{image}@{stored}"])).EnsureSuccess();
        var byFile = (await RunAsync(arguments)).EnsureSuccess();

        Assert.Contains($"Name {image}@{stored} to pin them.", byTag.Error, StringComparison.Ordinal);
        Assert.Equal((byFile.Output, byFile.Error), (pinned.Output, pinned.Error));
        (await CommandRunner.RunAsync([.. arguments, "--environments", $"oci:{_folder.Combine("dev")}/app:1.0.0"])).AssertError("GAN4215");
    }

    private async Task<Digest> StoreDeclarationAsync(Release release) => await PolicyReferrer.PutAsync(
        _session.Open(AddressOf("base"), "app"),
        release.Images[0].Descriptor,
        await PolicyDocument.ReadFileAsync(Declaration, default),
        DateTimeOffset.UnixEpoch,
        default);

    private RegistryAddress AddressOf(string name) => RegistryAddress.Parse($"oci:{_folder.Combine(name)}");

    private Task<CommandRunner.CommandResult> RunAsync(params string[] arguments) =>
        CommandRunner.RunAsync([.. arguments, "--environments", Declaration]);

    private async Task<Release> PromoteAsync()
    {
        var image = SampleImage.Create(1, 64);
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
        var dev = new PromotionTarget(Dev, Region: null, AddressOf("dev"));
        var request = new PromotionRequest { Release = release, Base = AddressOf("base"), Targets = [dev] };
        var plan = await new PromotionPlanner(_session).PlanAsync(request, default);
        (await new Promoter().ApplyAsync(plan, default)).ThrowIfFailed();
        var policy = new VerificationPolicy
        {
            Base = AddressOf("base"),
            Images = ["app"],
            Targets = [dev, new PromotionTarget(Prod, Region: null, AddressOf("prod"))],
        };
        await File.WriteAllBytesAsync(Declaration, PolicyDocument.Of(policy).ToJson());
        return release;
    }
}
