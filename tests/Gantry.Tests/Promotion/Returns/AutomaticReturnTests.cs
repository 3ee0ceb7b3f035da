using System.Net;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Holds;
using Gantry.Promotion;
using Gantry.Testing.Faults;
using Gantry.Tests.Deployments;

namespace Gantry.Tests.Promotion.Returns;

/// <summary>Returns after a health check that failed.</summary>
public sealed class AutomaticReturnTests
{
    private static readonly PromotionEnvironment Dev = new("dev")
    {
        Deployments = [Deployment.Kubectl("aks", "shop", "web", "web")],
        HealthChecks = [new HealthCheck("https://shop.test/health") { Timeout = TimeSpan.FromSeconds(20) }],
        Gates = [Gate.Approval("QA"), Gate.Soak(TimeSpan.FromDays(1))],
        ReturnsOnFailure = true,
    };

    private readonly PromotionFixture _fixture = new();
    private readonly RecordingDeployer _deployer = new();
    private readonly Answers _answers = new();

    [Fact]
    public async Task It_brings_the_release_before_records_the_cause_and_holds_the_environment()
    {
        await PromoteAsync("1.0.0");
        _answers.Ill = _ => true;
        var failed = await PromoteAsync("1.1.0");
        Assert.Equal("GAN4078", Assert.Throws<GantryException>(failed.ThrowIfFailed).Code);
        Assert.True(AutomaticReturn.IsDue(failed));

        _answers.Ill = _ => false;
        var returned = await ReturnAsync(failed);

        Assert.Null(returned.Error);
        Assert.Equal("1.0.0", returned.Version);
        var status = (await _fixture.ReadAsync(Target)).Release!;
        Assert.Equal(("1.0.0", true), (status.Version, status.HostsConfirmed));
        Assert.EndsWith($"@{returned.Outcome!.Plan.Request.Release.Images[0].Digest}", _deployer.Deployed[^1], StringComparison.Ordinal);
        var record = status.Record!;
        Assert.Equal((4, "1.1.0", "the health check of 1.1.0 failed"), (record.Schema, record.WentBack!.From, record.WentBack.Reason));
        Assert.Contains("did not answer", record.WentBack.Cause, StringComparison.Ordinal);
        Assert.Equal([GateVerdict.Approved, GateVerdict.Approved], record.Gates.Select(gate => gate.Verdict));
        Assert.Equal(record.ToJson(), PromotionRecord.Read(record.ToJson(), "x").ToJson());
        var open = (await new HoldReader(_fixture.Repositories, _fixture.Time).ReadAsync(Target, ["app"], default)).Open;
        Assert.Equal((HoldCause.AutomaticReturn, "1.0.0"), (open?.Cause, open?.Version));
        Assert.True((await PlanAsync(failed.Plan.Request)).IsHeld);
    }

    [Fact]
    public async Task A_return_whose_health_check_fails_does_not_return_again()
    {
        await PromoteAsync("1.0.0");
        await PromoteAsync("1.1.0");
        _answers.Ill = _ => true;
        var failed = await PromoteAsync("1.2.0");

        var returned = await ReturnAsync(failed);

        Assert.Equal("1.1.0", returned.Version);
        Assert.Equal("GAN4078", Assert.IsType<GantryException>(returned.Error).Code);
        Assert.False(AutomaticReturn.IsDue(returned.Outcome!));
    }

    [Fact]
    public async Task Without_a_release_before_there_is_no_return()
    {
        _answers.Ill = _ => true;
        var failed = await PromoteAsync("1.0.0");

        var returned = await ReturnAsync(failed);

        Assert.Equal(("GAN4608", null, null), (Assert.IsType<GantryException>(returned.Error).Code, returned.Version, returned.Outcome));
        Assert.Equal("1.0.0", (await _fixture.ReadAsync(Target)).Release?.Version);
    }

    [Fact]
    public async Task What_no_host_has_ever_run_is_not_returned_to()
    {
        await PromoteAsync("1.0.0");
        _answers.Ill = _ => true;
        await PromoteAsync("1.1.0");
        var failed = await PromoteAsync("1.2.0");
        _answers.Ill = _ => false;

        Assert.Equal("1.0.0", (await ReturnAsync(failed)).Version);
    }

    [Theory]
    [InlineData("not declared")]
    [InlineData("a deployment failed")]
    [InlineData("a person went back")]
    public async Task It_is_for_failed_health_checks_where_it_is_declared(string name)
    {
        var older = await PromoteAsync("1.0.0");
        await PromoteAsync("1.1.0");
        _answers.Ill = _ => name != "a deployment failed";
        _deployer.FailingHost = name == "a deployment failed" ? "web" : null;
        var environment = name == "not declared" ? Dev with { ReturnsOnFailure = false } : Dev;

        var failed = name == "a person went back"
            ? await ApplyAsync(older.Plan.Request with { GoBackReason = "it loses orders" })
            : await PromoteAsync("1.2.0", environment);

        Assert.False(failed.Deployment.Succeeded);
        Assert.False(AutomaticReturn.IsDue(failed));
    }

    [Fact]
    public void An_environment_without_a_health_check_cannot_declare_it()
    {
        var thrown = Assert.Throws<GantryException>(() => EnvironmentSet.Create([Dev with { HealthChecks = [], Gates = [] }]));

        Assert.Equal("GAN4612", thrown.Code);
    }

    private static PromotionTarget Target => PromotionTarget.Of(Dev, PromotionFixture.DevAddress)[0];

    private async Task<PromotionOutcome> PromoteAsync(string version, PromotionEnvironment? environment = null) =>
        await ApplyAsync(_fixture.Request(await _fixture.PublishAsync(version, "app")).To(environment ?? Dev));

    private async Task<PromotionOutcome> ApplyAsync(PromotionRequest request)
    {
        var plan = await PlanAsync(request with { OverrideSoakReason = "a test" });
        var outcome = await new Promoter { Time = _fixture.Time }.ApplyAsync(plan.AwaitsDecision ? plan.Approve("a test") : plan, default);
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        return outcome;
    }

    private Task<PromotionPlan> PlanAsync(PromotionRequest request) => Planner.PlanAsync(request, default);

    private Task<ReturnOutcome> ReturnAsync(PromotionOutcome failed) =>
        new AutomaticReturn(_fixture.Repositories, Planner, new Promoter { Time = _fixture.Time }, _fixture.Time).RunAsync(failed, default);

    private PromotionPlanner Planner => new(_fixture.Repositories, _fixture.Time)
    {
        Deployments = new DeploymentPlanner(
            [_deployer], new HealthProbe(new AutoAdvancingTime(), _ => null, _answers), _ => null),
    };

    private sealed class Answers : HttpMessageHandler
    {
        public Func<Uri, bool> Ill { get; set; } = _ => false;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(Ill(request.RequestUri!) ? HttpStatusCode.InternalServerError : HttpStatusCode.OK));
    }
}
