using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Deployments;

/// <summary>Plans and runs of deployments, with a deployer that records its calls.</summary>
public sealed class DeploymentRunTests : IAsyncLifetime
{
    private readonly RecordingDeployer _deployer = new();
    private readonly HealthProbe _probe = new(new AutoAdvancingTime(), _ => null) { RequestTimeout = AutoAdvancingTime.TimeLimit };
    private string _version = "1.4.1";
    private LoopbackServer _host = null!;

    public async Task InitializeAsync() =>
        _host = await LoopbackServer.StartAsync((context, _) => new LoopbackResponse(200, _version, "text/plain").WriteAsync(context));

    public async Task DisposeAsync()
    {
        _probe.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Hosts_are_deployed_in_order_and_then_checked()
    {
        _version = "1.4.2";
        var plan = await PlanAsync(Prod(Kubectl("one"), Kubectl("two")));

        var outcome = await RunAsync(plan);

        Assert.True(outcome.Succeeded);
        Assert.Equal(
            ["one: contosoprod.azurecr.io/app@" + SampleOrders.Digest, "two: contosoprod.azurecr.io/app@" + SampleOrders.Digest],
            _deployer.Deployed);
        Assert.Equal(
            [
                "  then: kubectl deployment/one in aks, namespace shop, container web: "
                    + $"old -> contosoprod.azurecr.io/app@{SampleOrders.Digest}",
                "  then: kubectl deployment/two in aks, namespace shop, container web: "
                    + $"old -> contosoprod.azurecr.io/app@{SampleOrders.Digest}",
                $"  then: health check {_host.Address}: status 200 and the text '1.4.2' within 5 minutes",
            ],
            DeploymentFormatter.Describe(plan));
        Assert.Equal(
            [
                "  then: kubectl deployment/one in aks, namespace shop, container web: done",
                "  then: kubectl deployment/two in aks, namespace shop, container web: done",
                $"  then: health check {_host.Address}: status 200 with the text '1.4.2'",
            ],
            DeploymentFormatter.Describe(outcome));
    }

    [Fact]
    public async Task A_failure_stops_the_run_and_the_next_run_continues()
    {
        _version = "1.4.2";
        _deployer.FailingHost = "two";
        var environment = Prod(Kubectl("one"), Kubectl("two"), Kubectl("three"));

        var failed = await RunAsync(await PlanAsync(environment));
        _deployer.FailingHost = null;
        var again = await RunAsync(await PlanAsync(environment));

        Assert.False(failed.Succeeded);
        Assert.Equal("GAN4094", Assert.Throws<GantryException>(failed.ThrowIfFailed).Code);
        Assert.Equal(
            ["done", "GAN4094", "not begun", "not begun"],
            failed.Steps.Select(step => step.Done ?? (step.Error as GantryException)?.Code ?? "not begun"));
        Assert.Equal(
            "The deployment is not complete. If the images are in place, run the same command again to continue.",
            DeploymentFormatter.Describe(failed).Last());
        Assert.True(again.Succeeded);
        Assert.Equal(["one", "one", "two", "three"], _deployer.Deployed.Select(told => told.Split(':')[0]));
    }

    [Fact]
    public async Task Each_region_is_deployed_without_waiting_for_another()
    {
        _version = "1.4.2";
        _deployer.FailingHost = "eu";
        var prod = new PromotionEnvironment("prod")
        {
            Regions = ["eu", "us"],
            Deployments = [Kubectl("eu") with { Region = "eu" }, Kubectl("us") with { Region = "us" }],
            HealthChecks = [Check with { Region = "eu" }, Check with { Region = "us" }, Check],
        };

        var outcome = await RunAsync(await PlanAsync(prod, Registry("eu.azurecr.io"), Registry("us.azurecr.io")));

        Assert.Equal([false, false, true, true, false], outcome.Steps.Select(step => step.Done is not null));
        Assert.Equal(["eu", "eu", "us", "us", null], outcome.Steps.Select(step => step.Step.Target?.Region));
        Assert.Equal("us: us.azurecr.io/app@" + SampleOrders.Digest, Assert.Single(_deployer.Deployed));
    }

    [Fact]
    public async Task An_unexpected_failure_in_one_region_keeps_the_outcome_of_another()
    {
        _deployer.FailingHost = "eu";
        _deployer.Failure = new InvalidOperationException("unforeseen");
        var prod = new PromotionEnvironment("prod")
        {
            Regions = ["eu", "us"],
            Deployments = [Kubectl("eu") with { Region = "eu" }, Kubectl("us") with { Region = "us" }],
        };

        var outcome = await RunAsync(await PlanAsync(prod, Registry("eu.azurecr.io"), Registry("us.azurecr.io")));

        Assert.Equal([null, "done"], outcome.Steps.Select(step => step.Done));
        Assert.Same(_deployer.Failure, Assert.Throws<InvalidOperationException>(outcome.ThrowIfFailed));
    }

    [Fact]
    public async Task A_shared_health_check_runs_only_when_all_regions_are_promoted()
    {
        _version = "1.4.2";
        var prod = new PromotionEnvironment("prod") { Regions = ["eu", "us"], HealthChecks = [Check] };

        var all = await PlanAsync(prod, Registry("eu.azurecr.io"), Registry("us.azurecr.io"));
        var one = await PlanAsync(prod, Registry("eu.azurecr.io"));

        Assert.True((await RunAsync(all)).Succeeded);
        Assert.EndsWith(
            "skipped, not all regions are promoted to", Assert.Single(DeploymentFormatter.Describe(one)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_images_no_host_is_deployed()
    {
        var outcome = await DeploymentRunner.RunAsync(
            await PlanAsync(Prod(Kubectl("one"))), _ => false, StillCurrent, begins: null, CancellationToken.None);

        Assert.False(outcome.Succeeded);
        Assert.Empty(_deployer.Deployed);
        Assert.Empty(_host.Requests);
    }

    [Fact]
    public async Task From_a_folder_only_hosts_on_this_machine_are_deployed()
    {
        _version = "1.4.2";
        var prod = Prod(
            Kubectl("one"),
            Deployment.Webhook("https://contoso.com/hook"),
            Deployment.Webhook("$(PROD_WEBHOOK_URL)"),
            Deployment.Webhook(_host.Address.ToString()));

        var plan = await PlanAsync(
            prod with { HealthChecks = [HealthCheck.Of("https://contoso.com/version"), Check] },
            Registry("oci:artifacts/registries/prod"));
        var outcome = await RunAsync(plan);

        Assert.Equal([true, true, true, false, true, false], plan.Steps.Select(step => step.SkippedReason is not null));
        Assert.True(outcome.Succeeded);
        Assert.Contains("webhook ", Assert.Single(_deployer.Deployed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_own_deployment_is_carried_out_by_an_own_deployer()
    {
        var prod = new PromotionEnvironment("prod") { Deployments = [new OwnDeployment("here"), new OwnDeployment("west")] };

        var plan = await PlanAsync(prod, Registry("oci:artifacts/registries/prod"));
        await RunAsync(plan);

        Assert.Equal(["COPY_KEY"], prod.DeploymentVariables);
        Assert.Equal([false, true], plan.Steps.Select(step => step.SkippedReason is not null));
        Assert.StartsWith("copy to here: ", Assert.Single(_deployer.Deployed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "1.4.2", false)]
    [InlineData(true, "1.4.1", true)]
    [InlineData(false, "1.4.2", true)]
    public async Task A_host_that_reports_the_version_is_not_deployed_again(bool settled, string running, bool told)
    {
        _version = running;

        var plan = await PlanAsync(Prod(Deployment.Webhook(_host.Address.ToString())), moves: !settled);

        Assert.Equal(told, plan.Steps[0].SkippedReason is null);
    }

    [Fact]
    public async Task A_host_that_reports_no_version_is_always_deployed()
    {
        var prod = Prod(Deployment.Webhook(_host.Address.ToString())) with { HealthChecks = [HealthCheck.Of(_host.Address.ToString())] };

        var plan = await PlanAsync(prod, moves: false);

        Assert.Null(plan.Steps[0].SkippedReason);
    }

    [Fact]
    public async Task A_host_runs_one_image_and_a_webhook_announces_all()
    {
        var release = SampleOrders.Release("1.4.2", "web", "worker");

        var plan = await PlanAsync(Prod(Deployment.Webhook("https://contoso.com/hook"), Kubectl("one") with { Image = "worker" }), release);
        var untold = await SampleOrders.AssertErrorAsync("GAN4072", () => PlanAsync(Prod(Kubectl("one")), release));
        await SampleOrders.AssertErrorAsync("GAN4072", () => PlanAsync(Prod(Kubectl("one") with { Image = "job" }), release));

        Assert.Equal(["web", "worker", "worker"], plan.Steps.OfType<DeployHostStep>().Select(step => step.Order.Image.Name));
        Assert.Contains("set its Image to one of web, worker", untold.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_deployment_without_a_deployer_is_an_error() =>
        SampleOrders.AssertErrorAsync("GAN4075", () => new DeploymentPlanner([], _probe, _ => null).PlanAsync(
            SampleOrders.Release(), [new DeploymentTarget(Only(Prod(new OwnDeployment("west"))))], coversAll: true, default));

    private HealthCheck Check => HealthCheck.Of(_host.Address.ToString(), ReportedVersion.Text);

    private PromotionEnvironment Prod(params IReadOnlyList<Deployment> deployments) =>
        new("prod") { Deployments = deployments, HealthChecks = [Check] };

    private static KubectlDeployment Kubectl(string name) => Deployment.Kubectl("aks", "shop", name, "web");

    private static RegistryAddress Registry(string text) => RegistryAddress.Parse(text);

    private Task<DeploymentPlan> PlanAsync(PromotionEnvironment environment, params IReadOnlyList<RegistryAddress> registries) =>
        PlanAsync(
            environment,
            SampleOrders.Release(),
            [.. PromotionTarget.Of(environment, registries).Select(target => new DeploymentTarget(target))]);

    private Task<DeploymentPlan> PlanAsync(PromotionEnvironment environment, bool moves) =>
        PlanAsync(environment, SampleOrders.Release(), new DeploymentTarget(Only(environment)) { IsRecorded = true, Moves = moves });

    private Task<DeploymentPlan> PlanAsync(
        PromotionEnvironment environment, Release release, params IReadOnlyList<DeploymentTarget> targets) =>
        new DeploymentPlanner([_deployer], _probe, _ => null)
            .PlanAsync(
                release,
                targets.Count == 0 ? [new DeploymentTarget(Only(environment))] : targets,
                coversAll: targets.Count == environment.Regions.Count,
                CancellationToken.None);

    private static PromotionTarget Only(PromotionEnvironment environment) =>
        new(environment, Region: null, Registry("contosoprod.azurecr.io"));

    private static Task<DeploymentOutcome> RunAsync(DeploymentPlan plan) =>
        DeploymentRunner.RunAsync(plan, _ => true, StillCurrent, begins: null, CancellationToken.None);

    private static Task StillCurrent(PromotionTarget target, CancellationToken cancellationToken) => Task.CompletedTask;
}
