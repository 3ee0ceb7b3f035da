using System.Runtime.CompilerServices;
using Gantry.Testing.Builds;
using Gantry.Testing.Faults;

namespace Samples.Tests;

/// <summary>Each sample does what its documentation says, in a run of a target.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task Own_credentials_are_used_for_a_registry()
    {
        await using var registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { Scheme = "Basic" });
        using var repository = await CreateAsync("OwnCredentials");
        string[] push = ["PushBase", "--release-version", "1.2.0", "--base-registry", $"{registry.Host}/team"];

        var refused = await repository.BuildAsync(push);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"GAN2003: {registry.Host} refuses every request", refused.Output, StringComparison.Ordinal);

        var secret = $"secrets/{registry.Host.Replace(':', '_')}";
        await repository.WriteAsync($"{secret}/username", TokenAuthority.UserName + "\n");
        await repository.WriteAsync($"{secret}/password", TokenAuthority.Password + "\n");
        AssertSuccess(await repository.BuildAsync(push));
    }

    [Fact]
    public async Task An_own_image_builder_refuses_a_large_image()
    {
        using var repository = await CreateAsync("OwnImageBuilder");

        var built = await repository.BuildAsync("BuildImage", "--release-version", "1.2.0");
        AssertSuccess(built);
        Assert.Matches(@"Dockerfile: \d+ of 100000000 bytes", built.Output);

        var refused = await repository.BuildAsync("BuildImage", "--release-version", "1.2.0", "--budget", "10");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("APP1001: the image has ", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_own_server_side_copy_moves_the_image()
    {
        using var repository = await CreateAsync("OwnServerSideCopy");

        var run = await repository.BuildAsync("PromoteDev", "--release-version", "1.2.0");

        AssertSuccess(run);
        Assert.Contains("copied by the file server", run.Output, StringComparison.Ordinal);
        Assert.Equal(["1.2.0"], repository.TagsIn("dev"));
    }

    [Fact]
    public async Task A_required_server_side_copy_that_does_not_work_fails_the_promotion()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        using var repository = await CreateAsync("OwnServerSideCopy");

        var run = await repository.BuildAsync(
            "PromoteDev", "--release-version", "1.2.0", "--transfer", "import", "--dev-registry", registry.Host);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(
            $"GAN9020: {registry.Host} cannot import from oci:artifacts/registries/base: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_own_deployer_updates_a_host_once()
    {
        using var repository = await CreateAsync("OwnDeployer");
        string[] promote = ["PromoteDev", "--release-version", "1.2.0"];

        var first = await repository.BuildAsync(promote);
        AssertSuccess(first);
        Assert.Matches(
            "^oci:artifacts/registries/dev/app@sha256:[0-9a-f]{64}\n$",
            await File.ReadAllTextAsync(repository.PathOf("hosts/dev/image.txt")));
        Assert.Contains("set to oci:artifacts/registries/dev/app@sha256:", first.Output, StringComparison.Ordinal);

        var second = await repository.BuildAsync(promote);
        AssertSuccess(second);
        Assert.Contains("image of hosts/dev/image.txt: has it already", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_own_gate_holds_a_release()
    {
        using var repository = await CreateAsync("OwnGate");
        string[] promote = ["PromoteDev", "--release-version", "1.2.0"];

        await repository.WriteAsync("freeze.txt", "hard: the year ends");
        var frozen = await repository.BuildAsync([.. promote, "--approve", "it is urgent"]);
        Assert.NotEqual(0, frozen.ExitCode);
        Assert.Contains("APP1003: 1.2.0 is frozen (hard: the year ends)", frozen.Output, StringComparison.Ordinal);

        await repository.WriteAsync("freeze.txt", "the year ends");
        var asked = await repository.BuildAsync(promote);
        Assert.NotEqual(0, asked.ExitCode);
        Assert.Contains("GAN5009: ", asked.Output, StringComparison.Ordinal);
        Assert.Contains("does not hold: the year ends", asked.Output, StringComparison.Ordinal);
        Assert.Empty(repository.TagsIn("dev"));

        File.Delete(repository.PathOf("freeze.txt"));
        var promoted = await repository.BuildAsync([.. promote, "--approve", "tested"]);
        AssertSuccess(promoted);
        Assert.Contains("there is no freeze", promoted.Output, StringComparison.Ordinal);
        Assert.Equal(["1.2.0"], repository.TagsIn("dev"));
    }

    [Fact]
    public async Task Own_traces_show_a_promotion_with_its_parts()
    {
        using var repository = await CreateAsync("OwnTraces");

        var run = await repository.BuildAsync("PromoteDev", "--release-version", "1.2.0");

        AssertSuccess(run);
        var spans = SpansOf(run.Output);
        var promotion = Assert.Single(spans, span => span["Activity.DisplayName"] == "promote");
        Assert.Equal("dev", promotion["deployment.environment.name"]);
        Assert.Equal("1.2.0", promotion["gantry.release.version"]);
        Assert.Equal("promotion", promotion["service.name"]);
        string[] parts = ["plan", "decide gates", "copy images", "deploy"];
        Assert.All(parts, part => Assert.Contains(spans, span => IsPart(span, part, promotion)));
        var copying = Assert.Single(spans, span => span["Activity.DisplayName"] == "copy images");
        Assert.Contains(spans, span => IsPart(span, "copy", copying));
    }

    [Fact]
    public async Task An_own_registry_client_opens_what_it_allows()
    {
        using var repository = await CreateAsync("OwnRegistryClient");

        var run = await repository.BuildAsync("PushBase", "--release-version", "1.2.0");
        AssertSuccess(run);
        Assert.Contains("Opened oci:artifacts/images/app", run.Output, StringComparison.Ordinal);
        Assert.Contains("Opened oci:artifacts/registries/base/app", run.Output, StringComparison.Ordinal);

        var refused = await repository.BuildAsync("PushBase", "--release-version", "1.2.0", "--base-registry", "registry.example.com");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("APP1002: registry.example.com is not a registry of contoso.com", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sample_is_described()
    {
        var described = File.ReadAllText(Path.Combine(Folder(), "README.md"));

        Assert.All(
            Directory.EnumerateFiles(Folder(), "Build.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)),
            sample => Assert.Contains($"({sample}/Build.cs)", described, StringComparison.Ordinal));
    }

    private static Task<BuildRepository> CreateAsync(string sample)
    {
        // tests/Samples.Tests/bin/Debug/net10.0: the samples were compiled in the same configuration.
        var output = AppContext.BaseDirectory[AppContext.BaseDirectory.LastIndexOf("bin", StringComparison.Ordinal)..];
        return BuildRepository.CreateAsync(Path.Combine(Folder(), sample, output, sample + ".dll"), hasSolution: false);
    }

    private static bool IsPart(Dictionary<string, string> span, string name, Dictionary<string, string> parent) =>
        span["Activity.DisplayName"] == name && span.GetValueOrDefault("Activity.ParentSpanId") == parent["Activity.SpanId"];

    // The console exporter writes one property a line, and Activity.TraceId first.
    private static IReadOnlyList<Dictionary<string, string>> SpansOf(string output) =>
    [
        .. output.Split("Activity.TraceId:").Skip(1).Select(span => span.Split('\n')
            .Select(line => line.Split(": ", 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], pair => pair[1], StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => pair.First(), StringComparer.Ordinal)),
    ];

    private static void AssertSuccess(BuildRun run) => Assert.True(run.ExitCode == 0, run.Output);

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../samples"));
}
