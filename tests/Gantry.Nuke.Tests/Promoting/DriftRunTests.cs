using System.Reflection;
using System.Text.Json.Nodes;
using Gantry.AzurePipelines.Service;
using Gantry.Drift;
using Gantry.Nuke.Promoting;
using Gantry.Nuke.Reporting;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Promoting;

public sealed class DriftRunTests : IDisposable
{
    private const string Repository = "https://example.com/contoso/shop";

    private readonly RunFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task What_is_as_promoted_is_written_and_ends_the_run_well()
    {
        await PromoteAsync("1.0.0");
        var run = RunOf(_fixture);

        var report = await run.ReadAsync(CancellationToken.None);
        await DriftRun.WriteAsync(
            report, new ReportWriter(format: null, file: null), _fixture.PathOf("artifacts/drift.json"), CancellationToken.None);
        run.ThrowIfNotSettled(report);

        Assert.Null(_fixture.Build.ExitCode);
        var document = JsonNode.Parse(await File.ReadAllTextAsync(_fixture.PathOf("artifacts/drift.json")))!;
        Assert.Equal("settled", (string?)document["state"]);
        Assert.Equal(
            ["dev 1.0.0", "test 1.0.0", "prod ", "prod "],
            document["places"]!.AsArray().Select(place => $"{place!["environment"]} {place["version"]}"));
    }

    [Fact]
    public async Task The_gravest_finding_is_the_error_and_the_exit_code_of_the_build()
    {
        await PromoteAsync("1.0.0");
        await _fixture.OverwriteAsync(RunFixture.Dev, "1.0.0");
        await _fixture.OverwriteAsync(RunFixture.Test, "1.0.0");
        var run = RunOf(_fixture);
        var report = await run.ReadAsync(CancellationToken.None);

        var error = Assert.Throws<GantryException>(() => run.ThrowIfNotSettled(report));

        Assert.Equal(("GAN4056", 21), (error.Code, _fixture.Build.ExitCode));
        Assert.Contains("dev.example.com/app:1.0.0", error.Problem, StringComparison.Ordinal);
        Assert.Contains("(and 1 more problem, see above)", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_read_has_its_own_exit_code_and_is_no_drift()
    {
        using var fixture = new RunFixture { Client = new DeadRegistries() };
        var run = RunOf(fixture);
        var report = await run.ReadAsync(CancellationToken.None);

        Assert.Equal("GAN2001", Assert.Throws<GantryException>(() => run.ThrowIfNotSettled(report)).Code);

        Assert.Equal((DriftState.Unknown, 20), (report.State, fixture.Build.ExitCode));
    }

    [Fact]
    public async Task The_webhook_gets_the_drift_and_its_end_and_nothing_that_is_not_known()
    {
        await PromoteAsync("1.0.0");
        await using var webhook = await LoopbackServer.StartAsync(new LoopbackResponse(200));
        var alert = DriftAlert.Webhook($"{webhook.Address}hook");
        var run = RunOf(_fixture);
        var settled = await run.ReadAsync(CancellationToken.None);
        await _fixture.OverwriteAsync(RunFixture.Test, "1.0.0");
        var drifted = await run.ReadAsync(CancellationToken.None);
        using var dead = new RunFixture { Client = new DeadRegistries() };
        var unknown = await RunOf(dead).ReadAsync(CancellationToken.None);

        // Without a report, the verification itself has failed.
        foreach (var report in new[] { null, unknown, drifted, settled })
        {
            run.Report = report;
            await run.AlertAsync(alert, Repository, NoService, CancellationToken.None);
        }

        var posts = webhook.Requests.Select(request => JsonNode.Parse(request.Body)!).ToList();
        Assert.Equal(["drifted", "settled"], posts.Select(post => (string?)post["state"]));
        Assert.All(posts, post => Assert.Equal(DriftAlert.MarkerOf(Repository), (string?)post["marker"]));
        Assert.Equal([drifted.Fingerprint, ""], posts.Select(post => (string?)post["fingerprint"]));
    }

    [Fact]
    public async Task A_report_without_a_place_or_to_a_wrong_one_is_refused_before_anything_is_sent()
    {
        var run = RunOf(_fixture);

        var none = await Assert.ThrowsAsync<GantryException>(() =>
            run.AlertAsync(declared: null, Repository, NoService, CancellationToken.None));
        var wrong = await Assert.ThrowsAsync<GantryException>(() =>
            run.AlertAsync(DriftAlert.Webhook("http://example.com/hook"), Repository, NoService, CancellationToken.None));

        Assert.Equal(("GAN4507", "GAN4508"), (none.Code, wrong.Code));
        Assert.Contains("'ShopBuild'", none.Problem, StringComparison.Ordinal);
    }

    private static DriftRun RunOf(RunFixture fixture) => new(fixture.Registries, fixture.Keys, RunFixture.Images, deployers: []);

    private static AzureDevOpsClient NoService() => throw new InvalidOperationException("A webhook needs no service.");

    private async Task PromoteAsync(string version)
    {
        var release = await _fixture.PublishAsync(version);
        await _fixture.PromoteAsync(release, RunFixture.Dev, hoursAgo: 5);
        await _fixture.PromoteAsync(release, RunFixture.Test, hoursAgo: 4);
    }

    private sealed class DeadRegistries : IRegistryClient
    {
        public IImageRepository Open(RegistryAddress address, string repository)
        {
            var dead = DispatchProxy.Create<IImageRepository, DeadRepository>();
            ((DeadRepository)dead).Registry = address.ToString()!;
            return dead;
        }
    }

    // A proxy must not be sealed, and must be visible to the type that is made of it.
    public class DeadRepository : DispatchProxy
    {
        internal string Registry { get; set; } = "";

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.IsSpecialName
            ? Registry
            : throw new GantryException("GAN2001", $"the registry {Registry} cannot be reached", "check the network");
    }
}
