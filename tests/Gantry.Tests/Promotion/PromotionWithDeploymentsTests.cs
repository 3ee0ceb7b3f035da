using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Promotion;
using Gantry.Testing.Faults;
using Gantry.Tests.Deployments;

namespace Gantry.Tests.Promotion;

/// <summary>Promotions to environments with deployments: their execution, records and repetition.</summary>
public sealed class PromotionWithDeploymentsTests
{
    private static readonly PromotionEnvironment Dev = new("dev")
    {
        Deployments = [Kubectl("one"), Kubectl("two")],
        Gates = [new TicketGate("CHG-7")],
    };

    private readonly PromotionFixture _fixture = new();
    private readonly RecordingDeployer _deployer = new();

    [Fact]
    public async Task Hosts_are_deployed_after_the_images_and_recorded()
    {
        var request = await RequestAsync("1.0.0");

        var plan = await PlanAsync(request);
        var begun = new List<string>();
        var promoter = new Promoter { Time = _fixture.Time, Deploying = step => begun.Add(step.Description) };
        var placed = await promoter.CopyImagesAsync(plan.Approve("asked for by a test"), CancellationToken.None);
        var toldBefore = _deployer.Deployed;
        var outcome = await promoter.DeployAsync(placed, CancellationToken.None);
        outcome.ThrowIfFailed();

        Assert.Empty(toldBefore);
        Assert.Equal(plan.Deployment.Steps.Select(step => step.Description), begun);
        var reference = $"dev.test:5000/app@{request.Release.Images[0].Digest}";
        Assert.Equal([$"one: {reference}", $"two: {reference}"], _deployer.Deployed);
        Assert.Equal(
            $"  then: kubectl deployment/two in aks, namespace shop, container web: old -> {reference}",
            PromotionFormatter.Describe(plan).Last());
        Assert.Equal(
            "  then: kubectl deployment/two in aks, namespace shop, container web: done",
            PromotionFormatter.Describe(outcome).Last());
        var records = await RecordsAsync(request);
        Assert.Equal([true, false], records.Select(record => record.Hosts is not null));
        Assert.Equal(
            [
                new() { Host = "kubectl deployment/one in aks, namespace shop, container web", Done = "done" },
                new RecordedHost { Host = "kubectl deployment/two in aks, namespace shop, container web", Done = "done" },
            ],
            records[0].Hosts);
        Assert.Equal(records[1].Gates, records[0].Gates);
    }

    [Fact]
    public async Task A_repeated_promotion_changes_and_records_nothing()
    {
        var request = await RequestAsync("1.0.0");
        (await ApplyAsync(await PlanAsync(request))).ThrowIfFailed();
        _fixture.Dev.Calls.Clear();

        var plan = await PlanAsync(request);
        var outcome = await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, CancellationToken.None);

        Assert.True(plan.ChangesNothing);
        Assert.False(plan.AwaitsDecision);
        Assert.True(outcome.Deployment.Succeeded);
        Assert.Equal(0, _fixture.Dev.Count("Put"));
        Assert.EndsWith("the host has it already", PromotionFormatter.Describe(plan).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_host_keeps_the_images_in_place_and_the_next_run_continues()
    {
        var request = await RequestAsync("1.0.0");
        _deployer.FailingHost = "two";

        var failed = await ApplyAsync(await PlanAsync(request));
        var between = await RecordsAsync(request);
        _deployer.FailingHost = null;
        var plan = await PlanAsync(request);
        var outcome = await ApplyAsync(plan);

        Assert.Equal("GAN4094", Assert.Throws<GantryException>(failed.ThrowIfFailed).Code);
        Assert.All(failed.Targets, target => Assert.True(target.Succeeded));
        Assert.NotNull(await _fixture.Dev["app"].FindTagAsync("1.0.0", CancellationToken.None));
        Assert.Null(Assert.Single(between).Hosts);
        Assert.True(plan.NothingMoves);
        Assert.True(plan.AwaitsDecision);
        outcome.ThrowIfFailed();
        Assert.NotNull((await RecordsAsync(request))[0].Hosts);
    }

    [Fact]
    public async Task A_deployment_done_by_hand_is_recorded_under_the_gates_of_the_promotion()
    {
        var request = await RequestAsync("1.0.0");
        _deployer.FailingHost = "two";
        await ApplyAsync(await PlanAsync(request));
        _deployer.FailingHost = null;
        // The host was repaired by hand.
        await _deployer.DeployAsync(OrderOf(request, Kubectl("two")), CancellationToken.None);
        _fixture.Time.Advance(TimeSpan.FromHours(1));

        var plan = await PlanAsync(request);
        (await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, CancellationToken.None)).ThrowIfFailed();

        Assert.False(plan.AwaitsDecision);
        var record = (await RecordsAsync(request))[0];
        Assert.NotNull(record.Hosts);
        Assert.Equal(_fixture.Time.GetUtcNow(), record.Promoted);
        Assert.Equal("asked for by a test", Assert.Single(record.Gates).Reason);
    }

    [Fact]
    public async Task A_rollback_moves_nothing_deploys_the_hosts_and_passes_the_gates()
    {
        var first = await RequestAsync("1.0.0");
        var second = await RequestAsync("1.1.0");
        (await ApplyAsync(await PlanAsync(first))).ThrowIfFailed();
        (await ApplyAsync(await PlanAsync(second))).ThrowIfFailed();
        _fixture.Time.Advance(TimeSpan.FromHours(1));

        var plan = await PlanAsync(first with { GoBackReason = "it fails" });

        Assert.Equal((0, "1.1.0"), (plan.BytesToMove, plan.Images[0].RollsBackFrom));
        Assert.True(plan.AwaitsDecision);
        Assert.Equal(
            "GAN5004", (await Assert.ThrowsAsync<GantryException>(() => new Promoter().ApplyAsync(plan, CancellationToken.None))).Code);
        (await ApplyAsync(plan)).ThrowIfFailed();
        Assert.Equal($"two: dev.test:5000/app@{first.Release.Images[0].Digest}", _deployer.Deployed[^1]);
        Assert.Equal(4, (await RecordsAsync(first)).Count);
    }

    public static TheoryData<string, string?, string?> OvertakenCases => new()
    {
        // when a newer release is promoted, the reason for going back, the error
        { "never", null, null },
        { "while a person thinks about hosts that failed", null, "GAN4066" },
        { "while a person thinks about hosts that failed", "1.2.0 fails", "GAN4068" },
        { "after a way back was recorded", "1.2.0 fails", "GAN4068" },
        { "after the images were copied", null, "GAN4066" },
        { "after the images were copied", "just in case", "GAN4068" },
        { "while the hosts are deployed", null, "GAN4066" },
        { "while the hosts are deployed", "just in case", "GAN4068" },
    };

    [Theory]
    [MemberData(nameof(OvertakenCases))]
    public async Task Hosts_are_not_given_an_older_release_than_the_one_that_came_meanwhile(string name, string? reason, string? code)
    {
        var newer = await RequestAsync("1.2.0");
        var older = await RequestAsync("1.1.0") with { GoBackReason = reason };
        if (name.Contains("failed", StringComparison.Ordinal))
        {
            _deployer.FailingHost = "one";
            await ApplyAsync(await PlanAsync(older));
            _deployer.FailingHost = null;
        }

        var isBack = name.Contains("way back", StringComparison.Ordinal);
        if (isBack)
            (await ApplyAsync(await PlanAsync(newer))).ThrowIfFailed();
        var plan = (await PlanAsync(older)).Approve("asked for by a test");
        var promoter = new Promoter
        {
            Time = _fixture.Time,
            Deploying = step =>
            {
                // The other run only places its images: this one is still at work on the hosts.
                if (name == "while the hosts are deployed" && step.Description.Contains("two", StringComparison.Ordinal))
                    PlaceAsync(newer).GetAwaiter().GetResult();
            },
        };
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        if (name.Contains("thinks", StringComparison.Ordinal))
            (await ApplyAsync(await PlanAsync(newer))).ThrowIfFailed();
        var placed = await promoter.CopyImagesAsync(plan, CancellationToken.None);
        placed.ThrowIfFailed();
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        if (isBack)
            (await ApplyAsync(await PlanAsync(await RequestAsync("1.3.0")))).ThrowIfFailed();
        if (name.Contains("copied", StringComparison.Ordinal))
            (await ApplyAsync(await PlanAsync(newer))).ThrowIfFailed();

        var error = await Record.ExceptionAsync(async () => (await promoter.DeployAsync(placed, CancellationToken.None)).ThrowIfFailed());

        Assert.Equal(code, (error as GantryException)?.Code);
        var status = await _fixture.ReadAsync(older.Targets[0]);
        Assert.Equal(isBack ? "1.3.0" : code is null ? "1.1.0" : "1.2.0", status.Release?.Version);
        Assert.Equal(code is null, (await RecordsAsync(older)).Any(record => record.Hosts is not null));
        if (name != "while the hosts are deployed")
            Assert.Equal(code is null ? 2 : 0, _deployer.Deployed.Count(host => host.EndsWith(DigestOf(older), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_next_environment_waits_for_the_hosts_of_the_previous_one()
    {
        var toDev = await RequestAsync("1.0.0");
        var toTest = toDev with
        {
            Targets = PromotionTarget.Of(
                new("test") { After = Dev, Gates = [Gate.Soak(TimeSpan.FromHours(24))] }, PromotionFixture.TestAddress),
            Before = toDev.Targets,
        };
        _deployer.FailingHost = "one";
        await ApplyAsync(await PlanAsync(toDev));
        _fixture.Time.Advance(TimeSpan.FromDays(2));

        var refused = await SampleOrders.AssertErrorAsync("GAN4095", () => PlanAsync(toTest));
        _deployer.FailingHost = null;
        (await ApplyAsync(await PlanAsync(toDev))).ThrowIfFailed();
        _fixture.Time.Advance(TimeSpan.FromHours(23));
        await SampleOrders.AssertErrorAsync("GAN5002", () => PlanAsync(toTest));
        _fixture.Time.Advance(TimeSpan.FromHours(1));

        Assert.Contains("run the promotion to dev again", refused.Message, StringComparison.Ordinal);
        Assert.Equal(GateVerdict.Held, Assert.Single((await PlanAsync(toTest)).Gates).Verdict);
    }

    [Fact]
    public async Task Faults_of_a_deployment_are_found_before_anything_is_written()
    {
        var request = (await RequestAsync("1.0.0")).To(new("dev") { Deployments = [Kubectl("one") with { Image = "other" }] });

        await SampleOrders.AssertErrorAsync("GAN4072", () => PlanAsync(request));

        Assert.Equal(0, _fixture.Dev.Count("Put"));
    }

    private static KubectlDeployment Kubectl(string name) => Deployment.Kubectl("aks", "shop", name, "web");

    private async Task<PromotionRequest> RequestAsync(string version) =>
        _fixture.Request(await _fixture.PublishAsync(version, "app")).To(Dev);

    public static TheoryData<string, bool, string?, string?> OnTheWay => new()
    {
        // what became of 1.1.0 in dev before, whether dev is only on the way, the reason for going back, the error
        { "complete", true, null, null },
        { "complete", true, "prod loses orders", null },
        { "complete", false, null, "GAN4066" },
        { "its hosts failed", true, null, "GAN4066" },
        { "its record was removed", true, null, "GAN4066" },
    };

    [Theory]
    [MemberData(nameof(OnTheWay))]
    public async Task An_environment_on_the_way_that_has_the_release_keeps_the_newer_one(
        string name, bool isOnTheWay, string? reason, string? code)
    {
        var older = await RequestAsync("1.1.0");
        _deployer.FailingHost = name == "its hosts failed" ? "two" : null;
        await ApplyAsync(await PlanAsync(older));
        _deployer.FailingHost = null;
        if (name == "its record was removed")
            _fixture.Dev["app"].RemoveRecords();
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        (await ApplyAsync(await PlanAsync(await RequestAsync("1.2.0")))).ThrowIfFailed();
        var (deployed, writes) = (_deployer.Deployed.Count, _fixture.Dev.Count("Put"));
        var request = older with { IsOnTheWay = isOnTheWay, GoBackReason = reason };

        if (code is not null)
        {
            await SampleOrders.AssertErrorAsync(code, () => PlanAsync(request));
            return;
        }

        var plan = await PlanAsync(request);
        Assert.True(plan.IsPassed && plan.WritesNothing && !plan.AwaitsDecision);
        Assert.Contains("  dev has it, stays on 1.2.0, and is passed unchanged", PromotionFormatter.Describe(plan));
        (await new Promoter { Time = _fixture.Time }.ApplyAsync(plan, CancellationToken.None)).ThrowIfFailed();
        Assert.Equal((deployed, writes), (_deployer.Deployed.Count, _fixture.Dev.Count("Put")));
        Assert.Equal("1.2.0", (await _fixture.ReadAsync(older.Targets[0])).Release?.Version);
        var prod = new PromotionEnvironment("prod") { After = Dev };
        var toProd = older with { Targets = PromotionTarget.Of(prod, PromotionFixture.TestAddress), Before = older.Targets };
        (await ApplyAsync(await PlanAsync(toProd))).ThrowIfFailed();
    }

    [Fact]
    public async Task An_environment_on_the_way_that_went_back_is_promoted_to_again()
    {
        var (older, newer) = (await RequestAsync("1.1.0"), await RequestAsync("1.2.0"));
        await ApplyAsync(await PlanAsync(older));
        await ApplyAsync(await PlanAsync(newer));
        await ApplyAsync(await PlanAsync(older with { GoBackReason = "1.2.0 fails" }));

        var plan = await PlanAsync(newer with { IsOnTheWay = true });

        Assert.False(plan.IsPassed || plan.NothingMoves);
        (await ApplyAsync(plan)).ThrowIfFailed();
        Assert.Equal("1.2.0", (await _fixture.ReadAsync(older.Targets[0])).Release?.Version);
    }

    private async Task PlaceAsync(PromotionRequest request) =>
        (await new Promoter { Time = _fixture.Time }.CopyImagesAsync(
            (await PlanAsync(request)).Approve("asked for by a test"), CancellationToken.None)).ThrowIfFailed();

    private static string DigestOf(PromotionRequest request) => request.Release.Images[0].Digest.ToString();

    private static DeploymentOrder OrderOf(PromotionRequest request, Deployment deployment) => new()
    {
        Deployment = deployment,
        Release = request.Release,
        Image = request.Release.Images[0],
        Target = request.Targets[0],
    };

    private Task<PromotionPlan> PlanAsync(PromotionRequest request) => new PromotionPlanner(_fixture.Repositories, _fixture.Time)
    {
        Deployments = new DeploymentPlanner([_deployer], new HealthProbe(new AutoAdvancingTime(), _ => null), _ => null),
    }.PlanAsync(request, CancellationToken.None);

    private Task<PromotionOutcome> ApplyAsync(PromotionPlan plan) =>
        new Promoter { Time = _fixture.Time }.ApplyAsync(plan.Approve("asked for by a test"), CancellationToken.None);

    private Task<IReadOnlyList<PromotionRecord>> RecordsAsync(PromotionRequest request) =>
        PromotionReferrer.FindAsync(
            _fixture.Dev["app"], request.Release.Images[0].Digest, "dev", null, request.Release.Version, CancellationToken.None);
}
