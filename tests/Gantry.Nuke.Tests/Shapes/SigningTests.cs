using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gantry.Testing.Builds;
using Gantry.Testing.Faults;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>Builds sign what they publish and promote: with the development key, and with named keys.</summary>
public sealed class SigningTests : IAsyncLifetime
{
    private BuildRepository _repository = null!;

    public async Task InitializeAsync() => _repository = await ShapeRepository.CreateAsync("Signing");

    public Task DisposeAsync()
    {
        _repository.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Without_any_configuration_the_chain_is_signed_with_a_key_of_this_machine()
    {
        var promoted = await SucceedAsync("PromoteDev");
        Assert.Contains("signed with the development key", promoted.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_repository.DevelopmentKey));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_repository.DevelopmentKey));

        var verified = await SucceedAsync("VerifyRelease");

        Assert.Contains("Holds: the build and 1 promotion, in order, without a gap.", verified.Output, StringComparison.Ordinal);
        var document = JsonNode.Parse(await File.ReadAllTextAsync(_repository.PathOf("artifacts/verification.json")))!;
        Assert.True((bool?)document["holds"]);
    }

    [Fact]
    public async Task What_nothing_keeps_is_listed_and_deleted_with_the_digest_of_the_list()
    {
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0"])
            await SucceedAsync("PromoteDev", "--release-version", version);
        string[] rules = ["--keep", "1", "--min-age", "0", "--may-be-empty", "test"];

        await SucceedAsync(["Prune", .. rules]);
        Assert.Equal(["1.0.0", "1.1.0", "1.2.0"], _repository.TagsIn("dev"));
        var list = JsonNode.Parse(await File.ReadAllTextAsync(_repository.PathOf("artifacts/pruning.json")))!;
        var wrong = await _repository.BuildAsync(["Prune", "--apply", "sha256:" + new string('0', 64), .. rules]);
        Assert.Contains("GAN4704", wrong.Output, StringComparison.Ordinal);
        var unusable = await _repository.BuildAsync("Prune", "--keep", "some");
        Assert.Contains("GAN4714", unusable.Output, StringComparison.Ordinal);

        await SucceedAsync(["Prune", "--apply", (string)list["list"]!, .. rules]);

        Assert.Equal(["1.1.0", "1.2.0", "gantry-pruned"], _repository.TagsIn("dev"));
        Assert.Contains(
            "in order, without a gap", (await SucceedAsync("VerifyRelease", "--release", "1.1.0")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_development_key_does_not_count()
    {
        await SucceedAsync("PromoteDev");
        File.Delete(_repository.DevelopmentKey);

        var verified = await _repository.BuildAsync("VerifyRelease");

        Assert.NotEqual(0, verified.ExitCode);
        Assert.Contains("GAN4204", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_approval_lets_the_release_in_and_nothing_else_does()
    {
        var anna = await KeyAsync("anna");
        await _repository.WriteAsync("keys/approvers/anna.pub", anna.Public);
        await _repository.CommitAsync();
        await SucceedAsync("PromoteDev", "--release-version", "1.2.0");

        var refused = await _repository.BuildAsync("PromoteTest", "--release", "1.2.0", "--approve", "I am sure");
        Assert.Contains("GAN5020", refused.Output, StringComparison.Ordinal);

        var approved = await SucceedAsync(
            "Approve", "--release", "1.2.0", "--to", "test", "--approval-key", anna.File, "--reason", "tested by hand");
        Assert.Contains("app 1.2.0 approved for test", approved.Output, StringComparison.Ordinal);
        await SucceedAsync("PromoteTest", "--release", "1.2.0");

        Assert.Equal(["1.2.0"], _repository.TagsIn("test"));
        Assert.Contains("tested by hand", (await SucceedAsync("VerifyRelease", "--release", "1.2.0")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Break_glass_is_reported_until_the_normal_way_has_caught_up()
    {
        var anna = await KeyAsync("anna");
        await _repository.WriteAsync("keys/approvers/anna.pub", anna.Public);
        await _repository.CommitAsync();
        await SucceedAsync("PromoteDev", "--release-version", "1.2.0");

        await SucceedAsync("PromoteTest", "--release", "1.2.0", "--break-glass", "test is down");
        var shown = await SucceedAsync("ShowEnvironments");
        Assert.Contains("yes, bypass", shown.Output, StringComparison.Ordinal);
        Assert.Contains(
            "GAN4214: 1.2.0 came to test with skipped checks: break-glass: test is down", shown.Output, StringComparison.Ordinal);
        Assert.Contains("GAN4214", (await _repository.BuildAsync("VerifyRelease", "--release", "1.2.0")).Output, StringComparison.Ordinal);

        await SucceedAsync("Approve", "--release", "1.2.0", "--to", "test", "--approval-key", anna.File);
        await SucceedAsync("PromoteTest", "--release", "1.2.0");

        Assert.DoesNotContain("bypass", (await SucceedAsync("ShowEnvironments")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_fetched_renewed_and_revoked()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        string[] registries = ["--base-registry", $"{registry.Host}/base", "--dev-registry", $"{registry.Host}/dev"];
        await KeysAsync("old");
        await SucceedAsync(["FetchKeys", .. registries, "--signing-key", "secrets/old-{environment}.pem"]);
        var old = Directory.GetFiles(_repository.PathOf("keys/dev"), "*.pub").Single();
        await _repository.CommitAsync();
        var promoted = await SucceedAsync(
            ["PromoteDev", "--release-version", "1.2.0", .. registries, "--signing-key", "secrets/old-{environment}.pem"]);
        Assert.Contains("signed with the key file secrets/old-dev.pem", promoted.Output, StringComparison.Ordinal);

        await KeysAsync("new");
        string[] next = [.. registries, "--signing-key", "secrets/new-{environment}.pem"];
        await SucceedAsync(["FetchKeys", .. next]);
        var again = await SucceedAsync(["FetchKeys", .. next]);
        Assert.Contains("has the public key of the key file secrets/new-dev.pem", again.Output, StringComparison.Ordinal);
        var renewed = await SucceedAsync(["RenewAttestations", .. next]);
        Assert.Contains("dev: renewed app 1.2.0", renewed.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing to renew", (await SucceedAsync(["RenewAttestations", .. next])).Output, StringComparison.Ordinal);
        foreach (var file in (string[])[old, .. Directory.GetFiles(_repository.PathOf("keys/base"), "*.pub").Where(IsOld)])
            await File.WriteAllTextAsync(file, "Revoked: leaked\n" + await File.ReadAllTextAsync(file));

        var verified = await SucceedAsync(["VerifyRelease", "--release", "1.2.0", .. registries]);

        Assert.Contains("Holds: the build and 1 promotion", verified.Output, StringComparison.Ordinal);

        bool IsOld(string file) => File.GetLastWriteTimeUtc(file) <= File.GetLastWriteTimeUtc(old).AddSeconds(1)
            && !File.ReadAllText(file).Contains("Revoked", StringComparison.Ordinal)
            && file != old;
    }

    [Fact]
    public async Task A_named_key_without_a_trusted_public_key_signs_nothing()
    {
        await KeysAsync("old");

        var run = await _repository.BuildAsync("PromoteDev", "--signing-key", "secrets/old-{environment}.pem");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("GAN4228", run.Output, StringComparison.Ordinal);
        Assert.Empty(_repository.TagsIn("base"));
    }

    [Theory]
    [InlineData("Approve|--release|1.2.0", "GAN7074")]
    [InlineData("FetchKeys", "GAN7073")]
    [InlineData("PromoteDev|--dev-signing-key|nothing.pem", "GAN4223")]
    [InlineData("PromoteDev|--dev-signing-key-password|secret", "GAN8081")]
    public async Task What_cannot_be_is_said_with_its_code(string arguments, string code)
    {
        var run = await _repository.BuildAsync(arguments.Split('|'));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(code, run.Output, StringComparison.Ordinal);
    }

    private async Task<BuildRun> SucceedAsync(params string[] arguments)
    {
        var run = await _repository.BuildAsync(arguments);
        Assert.True(run.ExitCode == 0, run.Output);
        return run;
    }

    private async Task KeysAsync(string prefix)
    {
        foreach (var name in (string[])["base", "dev", "test"])
            await KeyAsync($"{prefix}-{name}");
    }

    private async Task<(string File, string Public)> KeyAsync(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await _repository.WriteAsync(".gitignore", "build/bin/\nbuild/obj/\nsecrets/\n");
        await _repository.WriteAsync($"secrets/{name}.pem", key.ExportPkcs8PrivateKeyPem() + "\n");
        return ($"secrets/{name}.pem", key.ExportSubjectPublicKeyInfoPem() + "\n");
    }
}
