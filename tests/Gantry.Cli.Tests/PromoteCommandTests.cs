using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Verification;

namespace Gantry.Cli.Tests;

/// <summary>Promotions from a declaration file, without a build.</summary>
public sealed class PromoteCommandTests : IAsyncLifetime
{
    private static readonly PromotionEnvironment s_dev = new("dev");
    private static readonly PromotionEnvironment s_prod = new("prod") { After = s_dev, Gates = [Gate.Approval("QA")] };

    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();

    private string Declaration => _folder.Combine("environments.json");

    public async Task InitializeAsync()
    {
        var workshop = _session.Open(AddressOf("workshop"), "app");
        var image = SampleImage.Create(1, 100, 50);
        await image.PushAsync(workshop);
        var request = new PublishRequest
        {
            Version = "1.4.2",
            Commit = "0123456789abcdef0123456789abcdef01234567",
            Base = AddressOf("base"),
            Images =
            [
                new ImageToPublish("app", workshop, new BuiltImage(image.Root, [Platform.LinuxAmd64], baseImage: null, standIn: false)),
            ],
        };
        await new Publisher(_session, TimeProvider.System).PublishAsync(request, default);
        await DeclareAsync(s_dev, s_prod);
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_dry_run_shows_the_plan_and_writes_nothing()
    {
        var result = await PromoteAsync("dev", "--dry-run");

        Assert.Equal(3, result.Code);
        Assert.Contains("tag is new", result.Output, StringComparison.Ordinal);
        Assert.Empty(await TagsAsync("dev"));
    }

    [Fact]
    public async Task A_release_is_promoted_once_and_recorded_as_the_build_does()
    {
        var result = (await PromoteAsync("dev", "--yes")).EnsureSuccess();
        var again = await PromoteAsync("dev", "--yes", "--format", "json");
        var status = await CommandRunner.RunAsync("status", "--environments", Declaration, "--format", "json");

        Assert.Contains("tagged", result.Output, StringComparison.Ordinal);
        Assert.False((bool)JsonNode.Parse(again.EnsureSuccess().Output)!["promotions"]![0]!["changes"]!);
        Assert.Contains("\"1.4.2\"", status.EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Equal(["1.4.2"], await TagsAsync("dev"));
    }

    [Fact]
    public async Task Documents_have_the_schema_and_checks_are_for_other_systems()
    {
        var dry = await PromoteAsync("dev", "--dry-run", "--format", "json");
        var tests = await PromoteAsync("dev", "--dry-run", "--format", "junit");
        var done = await PromoteAsync("dev", "--yes", "--format", "json");
        var refused = await PromoteAsync("prod", "--dry-run", "--format", "sarif");

        Assert.Equal((3, 3, 0, 3), (dry.Code, tests.Code, done.Code, refused.Code));
        var schema = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, "docs/schemas/promotion.schema.json")))!.AsObject();
        Assert.Empty(JsonRules.Validate(JsonNode.Parse(dry.Output), schema));
        Assert.Empty(JsonRules.Validate(JsonNode.Parse(done.Output), schema));
        Assert.Equal("0", System.Xml.Linq.XDocument.Parse(tests.Output).Root!.Attribute("failures")!.Value);
        Assert.Equal("open", (string?)JsonNode.Parse(refused.Output)!["runs"]![0]!["results"]![0]!["kind"]);
    }

    [Fact]
    public async Task A_channel_is_told_and_one_that_is_gone_stops_nothing()
    {
        await using var server = await LoopbackServer.StartAsync(new LoopbackResponse(200), new LoopbackResponse(404));
        var variable = "GANTRY_TEST_CHANNEL_" + Guid.NewGuid().ToString("N");
        await DeclareAsync(s_dev with { Notifications = [Notification.Slack($"$({variable})")] }, s_prod);
        try
        {
            Environment.SetEnvironmentVariable(variable, server.Address.ToString());
            (await PromoteAsync("dev", "--yes")).EnsureSuccess();
            (await PromoteAsync("dev", "--yes")).EnsureSuccess();

            Assert.Equal("1.4.2 was promoted to dev", (string?)JsonNode.Parse(Assert.Single(server.Requests).Body)!["text"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Fact]
    public async Task A_plan_is_not_applied_without_a_yes()
    {
        var refused = await PromoteAsync("dev");
        var no = await CommandRunner.RunAsync(() => "no", Arguments("dev"));
        Assert.Empty(await TagsAsync("dev"));

        var yes = await CommandRunner.RunAsync(() => "yes", Arguments("dev"));

        Assert.Equal((9, 9, 0), (refused.Code, no.Code, yes.Code));
        Assert.Contains("GAN4133", refused.Error, StringComparison.Ordinal);
        Assert.Contains("GAN4134", no.Error, StringComparison.Ordinal);
        Assert.Equal(["1.4.2"], await TagsAsync("dev"));
    }

    [Fact]
    public async Task Gates_need_an_approval_and_a_yes_alone_is_none()
    {
        (await PromoteAsync("dev", "--yes")).EnsureSuccess();

        var refused = await PromoteAsync("prod", "--yes");
        var no = await CommandRunner.RunAsync(() => "no", Arguments("prod"));
        Assert.Empty(await TagsAsync("prod"));
        var approved = await PromoteAsync("prod", "--approve", "tested by hand", "--format", "json");

        Assert.Equal((9, 9), (refused.Code, no.Code));
        Assert.Contains("GAN5005", refused.Error, StringComparison.Ordinal);
        Assert.Contains("GAN5006", no.Error, StringComparison.Ordinal);
        var gate = JsonNode.Parse(approved.EnsureSuccess().Output)!["promotions"]![0]!["gates"]![0]!;
        Assert.Equal(("approval by QA", "approved"), ((string)gate["gate"]!, (string?)gate["verdict"]));
        Assert.Equal(["1.4.2"], await TagsAsync("prod"));
    }

    [Fact]
    public async Task The_environment_before_is_required() =>
        (await PromoteAsync("prod", "--approve", "in a hurry")).AssertError("GAN4024");

    [Fact]
    public async Task A_gate_of_the_build_class_is_refused_and_so_is_a_program_of_the_repository()
    {
        await DeclareAsync(s_dev with { Gates = [new TicketGate()] });
        (await PromoteAsync("dev", "--approve", "it is approved")).AssertError("GAN4131");
        await DeclareAsync(s_dev with { Gates = [Gate.Command("./ask", "now")] });
        (await PromoteAsync("dev", "--approve", "it is approved")).AssertError("GAN4131");

        (await PromoteAsync("dev", "--break-glass", "the shop is down", "--yes")).EnsureSuccess();
        Assert.Equal(["1.4.2"], await TagsAsync("dev"));
    }

    [Fact]
    public async Task A_host_of_the_build_class_is_skipped_beside_a_folder_and_refused_otherwise()
    {
        await DeclareAsync(s_dev with { Deployments = [new OwnDeployment()] });
        var result = (await PromoteAsync("dev", "--yes")).EnsureSuccess();

        Assert.Contains("Nomad job shop", result.Output, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<GantryException>(
            () => new Gantry.Promotion.Runs.NamedDeployer().InspectAsync(Order(), CancellationToken.None));
        Assert.Equal("GAN4132", error.Code);
    }

    [Fact]
    public async Task A_promotion_is_signed_with_the_named_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = _folder.Write("dev.pem", System.Text.Encoding.UTF8.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        await DeclareAsync(new TrustPolicy { Keys = [TrustedKey.Parse(key.ExportSubjectPublicKeyInfoPem(), "keys/dev/1.pub")] }, s_dev);

        var result = await PromoteAsync(
            "dev", "--yes", "--format", "json", "--signing-key", _folder.Combine("{environment}.pem"));

        Assert.True(File.Exists(file));
        Assert.NotNull((string?)JsonNode.Parse(result.EnsureSuccess().Output)!["promotions"]![0]!["signedBy"]);
        var history = await CommandRunner.RunAsync("history", "dev", "--environments", Declaration);
        Assert.Contains("1.4.2", history.EnsureSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_declaration_without_gates_promotes_nothing()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Declaration))!.AsObject();
        document["schema"] = 1;
        foreach (var environment in document["environments"]!.AsArray())
            environment!.AsObject().Remove("promotion");
        await File.WriteAllTextAsync(Declaration, document.ToJsonString());

        (await PromoteAsync("dev", "--yes")).AssertError("GAN4130");
        (await CommandRunner.RunAsync("status", "--environments", Declaration)).EnsureSuccess();
    }

    [Theory]
    [InlineData("""{"gates":[],"deployments":[],"healthChecks":[],"slices":2}""")]
    [InlineData("""{"gates":[{"kind":"ticket"}],"deployments":[],"healthChecks":[]}""")]
    [InlineData("""{"gates":[null],"deployments":[],"healthChecks":[]}""")]
    [InlineData("""{"gates":[{"kind":"soak","seconds":1e300}],"deployments":[],"healthChecks":[]}""")]
    [InlineData("""{"deployments":[],"healthChecks":[]}""")]
    public async Task Rules_that_are_not_understood_are_refused(string rules)
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Declaration))!;
        document["environments"]![0]!["promotion"] = JsonNode.Parse(rules);
        await File.WriteAllTextAsync(Declaration, document.ToJsonString());

        (await PromoteAsync("dev", "--yes")).AssertError("GAN4215");
        Assert.Empty(await TagsAsync("dev"));
    }

    [Fact]
    public async Task A_promotion_without_a_release_is_a_usage_error() =>
        Assert.Equal(2, (await CommandRunner.RunAsync("promote", "dev", "--environments", Declaration)).Code);

    private static Gantry.Deployments.DeploymentOrder Order() => new()
    {
        Deployment = new NamedDeployment("Nomad job shop"),
        Target = new PromotionTarget(s_dev, null, RegistryAddress.Parse("localhost:5000")),
        Release = null!,
        Image = null!,
    };

    private sealed record TicketGate : Gate
    {
        public override string Description => "ticket of the change board";
    }

    private sealed record OwnDeployment : Deployment
    {
        public override string Description => "Nomad job shop";
    }

    private RegistryAddress AddressOf(string name) => RegistryAddress.Parse($"oci:{_folder.Combine(name)}");

    private Task DeclareAsync(params PromotionEnvironment[] environments) => DeclareAsync(trust: null, environments);

    private Task DeclareAsync(TrustPolicy? trust, params PromotionEnvironment[] environments)
    {
        var policy = new VerificationPolicy
        {
            Base = AddressOf("base"),
            Images = ["app"],
            Targets =
            [
                .. environments.Select(environment =>
                    new PromotionTarget(environment, null, AddressOf(environment.Name)) { Trust = trust }),
            ],
        };
        return File.WriteAllBytesAsync(Declaration, PolicyDocument.Of(policy).ToJson());
    }

    private string[] Arguments(string environment, params string[] more) =>
        ["promote", environment, "--release", "1.4.2", "--environments", Declaration, .. more];

    private Task<CommandRunner.CommandResult> PromoteAsync(string environment, params string[] more) =>
        CommandRunner.RunAsync(Arguments(environment, more));

    private async Task<IReadOnlyList<string>> TagsAsync(string registry) =>
        [.. (await _session.Open(AddressOf(registry), "app").ListTagsAsync(default)).Where(tag => !DigestTags.IsDigestTag(tag))];
}
