using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Nuke.Execution;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Promoting;

public sealed class PromotionRunTests : IDisposable
{
    private readonly RunFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_release_comes_to_an_environment_once()
    {
        var release = await _fixture.PublishAsync("1.0.0");

        await _fixture.Promotion(RunFixture.Dev).RunAsync(release, CancellationToken.None);
        await _fixture.Promotion(RunFixture.Dev).RunAsync(release, CancellationToken.None);

        Assert.Equal([("1.0.0", null)], await _fixture.ReadAsync(RunFixture.Dev));
    }

    [Fact]
    public async Task A_release_that_is_not_in_the_environment_before_is_refused()
    {
        var release = await _fixture.PublishAsync("1.0.0");

        Assert.Equal("GAN4024", await RefusalAsync(() =>
            (_fixture.Promotion(RunFixture.Test) with { Approve = "tested" }).RunAsync(release, CancellationToken.None)));
        Assert.Equal([(null, null)], await _fixture.ReadAsync(RunFixture.Test));
    }

    [Fact]
    public async Task One_region_alone_is_promoted_to()
    {
        var release = await PromoteToTestAsync("1.0.0", hoursAgo: 5);

        await (_fixture.Promotion(RunFixture.Prod) with { Region = "EAST" }).RunAsync(release, CancellationToken.None);

        Assert.Equal([(null, null), ("1.0.0", null)], await _fixture.ReadAsync(RunFixture.Prod));
    }

    [Fact]
    public async Task A_held_environment_stays_without_an_error_unless_a_person_has_named_the_release()
    {
        await PromoteToTestAsync("1.0.0", hoursAgo: 5);
        await _fixture.HoldAsync(RunFixture.Test, "1.0.0");
        var next = await _fixture.PublishAsync("1.1.0");
        await _fixture.PromoteAsync(next, RunFixture.Dev, hoursAgo: 3);
        var run = _fixture.Promotion(RunFixture.Test) with { Approve = "tested" };

        await run.RunAsync(next, CancellationToken.None);
        Assert.Equal([("1.0.0", "1.0.0")], await _fixture.ReadAsync(RunFixture.Test));

        // It was named for a later environment, to which it does not come then.
        Assert.Equal("GAN4601", await RefusalAsync(() => (run with { IsNamed = true }).RunAsync(next, CancellationToken.None)));
        Assert.Equal([("1.0.0", "1.0.0")], await _fixture.ReadAsync(RunFixture.Test));
    }

    [Fact]
    public async Task Behind_a_held_environment_nothing_is_promoted_and_only_a_named_release_fails()
    {
        await PromoteToTestAsync("1.0.0", hoursAgo: 5);
        await _fixture.HoldAsync(RunFixture.Test, "1.0.0");
        var next = await _fixture.PublishAsync("1.1.0");
        var run = _fixture.Promotion(RunFixture.Prod);

        await run.RunAsync(next, CancellationToken.None);
        Assert.Equal([(null, null), (null, null)], await _fixture.ReadAsync(RunFixture.Prod));

        Assert.Equal("GAN4024", await RefusalAsync(() => (run with { IsNamed = true }).RunAsync(next, CancellationToken.None)));
        Assert.Equal([(null, null), (null, null)], await _fixture.ReadAsync(RunFixture.Prod));
    }

    [Fact]
    public async Task A_dry_run_takes_what_it_would_bring_for_there_and_writes_nothing()
    {
        var release = await _fixture.PublishAsync("1.0.0");
        var dry = new DryRun(_fixture.Build);

        await (_fixture.Promotion(RunFixture.Dev) with { Dry = dry }).RunAsync(release, CancellationToken.None);
        await (_fixture.Promotion(RunFixture.Test) with { Dry = dry }).RunAsync(release, CancellationToken.None);

        Assert.Equal(DryRun.WouldChange, _fixture.Build.ExitCode);
        Assert.Equal([(null, null)], await _fixture.ReadAsync(RunFixture.Dev));
        Assert.Equal([(null, null)], await _fixture.ReadAsync(RunFixture.Test));
    }

    [Fact]
    public async Task A_dry_run_of_a_held_environment_would_change_nothing()
    {
        await _fixture.PromoteAsync(await _fixture.PublishAsync("1.0.0"), RunFixture.Dev, hoursAgo: 5);
        await _fixture.HoldAsync(RunFixture.Dev, "1.0.0");

        await (_fixture.Promotion(RunFixture.Dev) with { Dry = new DryRun(_fixture.Build) }).RunAsync(
            await _fixture.PublishAsync("1.1.0"), CancellationToken.None);

        Assert.Null(_fixture.Build.ExitCode);
    }

    [Fact]
    public async Task A_failed_health_check_returns_to_the_release_before_and_fails_all_the_same()
    {
        var host = new Host(ill: "1.1.0");
        await using var page = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = host.IsIll ? 503 : 200;
            return Task.CompletedTask;
        });
        var run = _fixture.Promotion(RunFixture.Dev with
        {
            Deployments = [Deployment.Kubectl("aks", "shop", "web", "web")],
            HealthChecks =
            [
                new HealthCheck($"{page.Address}health")
                {
                    Interval = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromMilliseconds(20),
                },
            ],
            ReturnsOnFailure = true,
        }) with { Deployers = [host] };
        await run.RunAsync(await _fixture.PublishAsync("1.0.0"), CancellationToken.None);

        var failed = await Assert.ThrowsAsync<GantryException>(async () =>
            await run.RunAsync(await _fixture.PublishAsync("1.1.0"), CancellationToken.None));

        Assert.Equal("GAN4078", failed.Code);
        Assert.EndsWith("(dev has returned to '1.0.0', and is held there)", failed.Problem, StringComparison.Ordinal);
        Assert.Equal(["1.0.0", "1.1.0", "1.0.0"], host.Deployed);
        Assert.Equal("1.0.0", Assert.Single(await _fixture.ReadAsync(RunFixture.Dev)).HeldAt);
    }

    [Fact]
    public async Task A_failed_health_check_without_a_release_before_names_both_problems()
    {
        var host = new Host(ill: "1.0.0");
        await using var page = await LoopbackServer.StartAsync(new LoopbackResponse(503));
        var run = _fixture.Promotion(RunFixture.Dev with
        {
            HealthChecks =
            [
                new HealthCheck($"{page.Address}health")
                {
                    Interval = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromMilliseconds(20),
                },
            ],
            ReturnsOnFailure = true,
        }) with { Deployers = [host] };

        var failed = await Assert.ThrowsAsync<GantryException>(async () =>
            await run.RunAsync(await _fixture.PublishAsync("1.0.0"), CancellationToken.None));

        Assert.Equal("GAN4615", failed.Code);
        Assert.Contains("(GAN4078); dev could not return: GAN4608: ", failed.Problem, StringComparison.Ordinal);
    }

    private async Task<Release> PromoteToTestAsync(string version, int hoursAgo)
    {
        var release = await _fixture.PublishAsync(version);
        await _fixture.PromoteAsync(release, RunFixture.Dev, hoursAgo);
        await _fixture.PromoteAsync(release, RunFixture.Test, hoursAgo - 1);
        return release;
    }

    private static async Task<string> RefusalAsync(Func<Task> run) => (await Assert.ThrowsAsync<GantryException>(run)).Code;

    // One version makes it ill.
    private sealed class Host(string ill) : IDeployer
    {
        public List<string> Deployed { get; } = [];

        public bool IsIll => Deployed is [.., var last] && last == ill;

        public bool Accepts(Deployment deployment) => true;

        public Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken) =>
            Task.FromResult(HostState.Unknown);

        public Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken)
        {
            Deployed.Add(order.Release.Version);
            return Task.FromResult($"set to {order.Reference}");
        }
    }
}
