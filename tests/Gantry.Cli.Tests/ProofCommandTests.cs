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

/// <summary><c>gantry verify</c> with a policy or a key: what is signed, and one exit code for each kind of fault.</summary>
public sealed class ProofCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();
    private readonly PemSigner _buildKey = NewKey();
    private readonly PemSigner _devKey = NewKey();
    private readonly PemSigner _prodKey = NewKey();

    public void Dispose()
    {
        _buildKey.Dispose();
        _devKey.Dispose();
        _prodKey.Dispose();
        _folder.Dispose();
    }

    private PromotionEnvironment Dev => new("dev");

    private PromotionEnvironment Prod => new("prod") { After = Dev };

    private RegistryAddress AddressOf(string name) => RegistryAddress.Parse($"oci:{_folder.Combine(name)}");

    [Fact]
    public async Task A_chain_that_holds_is_told_and_ends_with_0()
    {
        await PromoteAsync("dev", "prod");

        var text = await VerifyAsync("--policy", "prod", ImageIn("prod"));
        var json = await VerifyAsync("--policy", "prod", ImageIn("prod"), "--format", "json");

        Assert.Equal(0, text.Code);
        Assert.Contains("Holds: the build and 2 promotions, in order, without a gap.", text.Output, StringComparison.Ordinal);
        var document = JsonNode.Parse(json.Output)!;
        Schemas.AssertIs("verify-release", json.Output);
        Assert.True((bool?)document["holds"]);
        Assert.Equal("prod", (string?)document["images"]![0]!["places"]![1]!["environment"]);
    }

    [Fact]
    public async Task A_page_is_written_without_the_repository()
    {
        await PromoteAsync("dev", "prod");
        await WritePolicyAsync(_prodKey);

        var run = await CommandRunner.RunAsync(
            "report", "--environments", _folder.Combine("environments.json"), "--output", _folder.Combine("page"));

        Assert.Equal(0, run.Code);
        Assert.Contains("No image is behind in prod; no bypass open; no drift", run.Output, StringComparison.Ordinal);
        Schemas.AssertIs("report", (await CommandRunner.RunAsync(
            "report", "--environments", _folder.Combine("environments.json"), "--output", _folder.Combine("page"), "--format", "json"))
            .EnsureSuccess().Output);
        var page = await File.ReadAllTextAsync(_folder.Combine("page", "index.html"));
        Assert.Contains("<strong class=\"release\">1.0.0</strong>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"chip good i-ok\">signed</span>", page, StringComparison.Ordinal);
        Assert.Contains("gantry verify --policy prod oci:", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"chip good i-ok\">Promotion</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_another_tool_brought_is_not_signed()
    {
        await PromoteAsync("dev");
        (await CommandRunner.RunAsync("copy", ImageIn("base"), ImageIn("prod"))).EnsureSuccess();

        var run = await VerifyAsync("--policy", "prod", ImageIn("prod"));

        Assert.Equal(4, run.Code);
        Assert.Contains("GAN4201", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promotion_with_another_key_does_not_count()
    {
        await PromoteAsync("dev", "prod");
        await WritePolicyAsync(prodKey: _devKey);

        var run = await VerifyAsync("--policy", "prod", ImageIn("prod"), keepPolicy: true);

        Assert.Equal(5, run.Code);
        Assert.Contains("GAN4204", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promotion_whose_evidence_is_gone_is_out_of_order()
    {
        await PromoteAsync("dev", "prod");
        Directory.Delete(_folder.Combine("dev"), recursive: true);

        var run = await VerifyAsync("--policy", "prod", ImageIn("prod"));

        Assert.Equal(6, run.Code);
        Assert.Contains("GAN4213", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_bypass_has_a_code_of_its_own()
    {
        await PromoteAsync("prod");

        var run = await VerifyAsync("--policy", "prod", ImageIn("prod"));

        Assert.Equal(7, run.Code);
        Assert.Contains("break-glass because: an emergency", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_place_is_verified_with_nothing_but_its_key()
    {
        await PromoteAsync("dev");
        var key = _folder.Write("dev.pub", System.Text.Encoding.UTF8.GetBytes((await _devKey.GetPublicKeyAsync(default)).ToPem()));
        string[] place = ["--place", "oci://folder.invalid/dev/app"];

        var holds = await CommandRunner.RunAsync(["verify", "--key", key, .. place, ImageIn("dev")]);
        Schemas.AssertIs(
            "verify-place", (await CommandRunner.RunAsync(["verify", "--key", key, .. place, ImageIn("dev"), "--format", "json"])).Output);
        (await CommandRunner.RunAsync("verify", "--key", key, ImageIn("dev"))).AssertError("GAN4124");
        var elsewhere = await CommandRunner.RunAsync("verify", "--key", key, "--place", "oci://folder.invalid/prod/app", ImageIn("dev"));
        var unsigned = await CommandRunner.RunAsync(["verify", "--key", key, .. place, ImageIn("base")]);

        Assert.Equal(0, holds.Code);
        Assert.Contains("1.0.0 promoted to dev at", holds.Output, StringComparison.Ordinal);
        Assert.Equal(5, elsewhere.Code);
        Assert.Equal(4, unsigned.Code);
    }

    [Theory]
    [InlineData(2, "", "verify", "--policy", "prod", "--key", "k.pub", "oci:a/app:1")]
    [InlineData(2, "", "verify", "--place", "oci://a.b/c", "oci:a/app:1")]
    [InlineData(1, "GAN4215", "verify", "--policy", "prod", "--environments", "nothing.json", "oci:PROD/app:1.0.0")]
    [InlineData(1, "GAN4216", "verify", "--policy", "dev", "--environments", "POLICY", "oci:PROD/app:1.0.0")]
    [InlineData(1, "GAN4008", "verify", "--policy", "qa", "--environments", "POLICY", "oci:PROD/app:1.0.0")]
    [InlineData(1, "GAN4040", "verify", "--policy", "prod", "--environments", "POLICY", "oci:PROD/app:9.9.9")]
    public async Task What_cannot_be_is_said(int exitCode, string code, params string[] arguments)
    {
        await PromoteAsync("dev", "prod");
        await WritePolicyAsync(_prodKey);

        var run = await CommandRunner.RunAsync(
            [.. arguments.Select(argument => argument
                .Replace("PROD", _folder.Combine("prod"), StringComparison.Ordinal)
                .Replace("POLICY", _folder.Combine("environments.json"), StringComparison.Ordinal))]);

        Assert.Equal(exitCode, run.Code);
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
    }

    private string ImageIn(string registry) => $"oci:{_folder.Combine(registry)}/app:1.0.0";

    private async Task<CommandRunner.CommandResult> VerifyAsync(string option, string environment, string image, params string[] more)
    {
        await WritePolicyAsync(_prodKey);
        return await CommandRunner.RunAsync(
            ["verify", option, environment, "--environments", _folder.Combine("environments.json"), image, .. more]);
    }

    private Task<CommandRunner.CommandResult> VerifyAsync(string option, string environment, string image, bool keepPolicy) => keepPolicy
        ? CommandRunner.RunAsync("verify", option, environment, "--environments", _folder.Combine("environments.json"), image)
        : VerifyAsync(option, environment, image);

    private async Task WritePolicyAsync(PemSigner prodKey)
    {
        var policy = new VerificationPolicy
        {
            Base = AddressOf("base"),
            BaseTrust = await TrustAsync(_buildKey),
            Images = ["app"],
            Targets = [await TargetAsync(Dev, _devKey), await TargetAsync(Prod, prodKey)],
        };
        await File.WriteAllBytesAsync(_folder.Combine("environments.json"), PolicyDocument.Of(policy).ToJson());
    }

    private async Task PromoteAsync(params string[] environments)
    {
        var image = SampleImage.Create(1, 64);
        var workshop = _session.Open(AddressOf("workshop"), "app");
        await image.PushAsync(workshop);
        var published = await new Publisher(_session, TimeProvider.System).PublishAsync(
            new PublishRequest
            {
                Version = "1.0.0",
                Commit = new string('a', 40),
                Base = AddressOf("base"),
                Images = [new ImageToPublish("app", workshop, new BuiltImage(image.Root, [Platform.LinuxAmd64], null, standIn: false))],
                Signing = new ReleaseSigning
                {
                    Signer = _buildKey, Trust = await TrustAsync(_buildKey), Builder = new Builder { Id = PredicateTypes.LocalBuilder },
                },
            },
            default);
        foreach (var name in environments)
            await PromoteAsync(published.Release, name == "dev" ? Dev : Prod, name == "dev" ? _devKey : _prodKey);
    }

    private async Task PromoteAsync(Release release, PromotionEnvironment environment, PemSigner signer)
    {
        var plan = await new PromotionPlanner(_session).PlanAsync(
            new PromotionRequest
            {
                Release = release,
                Base = AddressOf("base"),
                BaseTrust = await TrustAsync(_buildKey),
                Targets = [await TargetAsync(environment, signer)],
                Before = environment.After is null ? [] : [await TargetAsync(Dev, _devKey)],
                Signer = signer,
                BreakGlassReason = "an emergency",
            },
            default);
        (await new Promoter().ApplyAsync(plan, default)).ThrowIfFailed();
    }

    private async Task<PromotionTarget> TargetAsync(PromotionEnvironment environment, PemSigner signer) =>
        new(environment, Region: null, AddressOf(environment.Name)) { Trust = await TrustAsync(signer) };

    private static async Task<TrustPolicy> TrustAsync(PemSigner signer) =>
        new() { Keys = [new TrustedKey(await signer.GetPublicKeyAsync(default), "a key")] };

    private static PemSigner NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return PemSigner.Parse(key.ExportPkcs8PrivateKeyPem(), password: null, "a key");
    }
}
