using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Deployments;

/// <summary>Plans and runs of what comes after a promotion, with a deployer that keeps what it was told.</summary>
public sealed class DeploymentRunTests : IAsyncLifetime
{
    private readonly RecordingDeployer _deployer = new();
    private readonly HealthProbe _probe = new(new ImpatientTime(), _ => null) { RequestTimeout = ImpatientTime.Limit };
    private string _version = "1.4.1";
    private LoopbackServer _host = null!;

    public async Task InitializeAsync() => _host = await LoopbackServer.StartAsync((context, _) => new LoopbackAnswer(200, _version, "text/plain").WriteAsync(context));

    public async Task DisposeAsync()
    {
        _probe.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Hosts_are_told_in_their_order_and_then_asked()
    {
        _version = "1.4.2";
        var plan = await PlanAsync(Prod(Kubectl("one"), Kubectl("two")));

        var outcome = await RunAsync(plan);

        Assert.True(outcome.Succeeded);
        Assert.Equal(["one: contosoprod.azurecr.io/app@" + Orders.Digest, "two: contosoprod.azurecr.io/app@" + Orders.Digest], _deployer.Told);
        Assert.Equal(
            [
                $"  then: kubectl deployment/one in aks, namespace shop, container web: old -> contosoprod.azurecr.io/app@{Orders.Digest}",
                $"  then: kubectl deployment/two in aks, namespace shop, container web: old -> contosoprod.azurecr.io/app@{Orders.Digest}",
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
    public async Task After_a_failure_nothing_follows_and_the_next_run_goes_on()
    {
        _version = "1.4.2";
        _deployer.Failing = "two";
        var environment = Prod(Kubectl("one"), Kubectl("two"), Kubectl("three"));

        var failed = await RunAsync(await PlanAsync(environment));
        _deployer.Failing = null;
        var again = await RunAsync(await PlanAsync(environment));

        Assert.False(failed.Succeeded);
        Assert.Equal("GAN4094", Assert.Throws<GantryException>(failed.ThrowIfFailed).Code);
        Assert.Equal(
            ["done", "GAN4094", "not begun", "not begun"],
            failed.Steps.Select(step => step.Done ?? (step.Error as GantryException)?.Code ?? "not begun"));
        Assert.Equal("The deployment is not done. Where the images are in place, running the same again continues with it.", DeploymentFormatter.Describe(failed).Last());
        Assert.True(again.Succeeded);
        Assert.Equal(["one", "one", "two", "three"], _deployer.Told.Select(told => told.Split(':')[0]));
    }

    [Fact]
    public async Task Each_region_has_its_own_and_none_waits_for_another()
    {
        _version = "1.4.2";
        _deployer.Failing = "eu";
        var prod = new PromotionEnvironment("prod")
        {
            Regions = ["eu", "us"],
            Deployments = [Kubectl("eu") with { Region = "eu" }, Kubectl("us") with { Region = "us" }],
            HealthChecks = [Check with { Region = "eu" }, Check with { Region = "us" }, Check],
        };

        var outcome = await RunAsync(await PlanAsync(prod, Registry("eu.azurecr.io"), Registry("us.azurecr.io")));

        Assert.Equal([false, false, true, true, false], outcome.Steps.Select(step => step.Done is not null));
        Assert.Equal(["eu", "eu", "us", "us", null], outcome.Steps.Select(step => step.Step.Target?.Region));
        Assert.Equal("us: us.azurecr.io/app@" + Orders.Digest, Assert.Single(_deployer.Told));
    }

    [Fact]
    public async Task What_nobody_foresaw_in_one_region_does_not_lose_what_was_done_in_another()
    {
        _deployer.Failing = "eu";
        _deployer.Failure = new InvalidOperationException("unforeseen");
        var prod = new PromotionEnvironment("prod") { Regions = ["eu", "us"], Deployments = [Kubectl("eu") with { Region = "eu" }, Kubectl("us") with { Region = "us" }] };

        var outcome = await RunAsync(await PlanAsync(prod, Registry("eu.azurecr.io"), Registry("us.azurecr.io")));

        Assert.Equal([null, "done"], outcome.Steps.Select(step => step.Done));
        Assert.Same(_deployer.Failure, Assert.Throws<InvalidOperationException>(outcome.ThrowIfFailed));
    }

    [Fact]
    public async Task The_address_before_all_regions_is_asked_when_all_are_promoted_to()
    {
        _version = "1.4.2";
        var prod = new PromotionEnvironment("prod") { Regions = ["eu", "us"], HealthChecks = [Check] };

        var all = await PlanAsync(prod, Registry("eu.azurecr.io"), Registry("us.azurecr.io"));
        var one = await PlanAsync(prod, Registry("eu.azurecr.io"));

        Assert.True((await RunAsync(all)).Succeeded);
        Assert.EndsWith("skipped, not all regions are promoted to", Assert.Single(DeploymentFormatter.Describe(one)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_images_are_not_nobody_is_told()
    {
        var outcome = await DeploymentRunner.RunAsync(await PlanAsync(Prod(Kubectl("one"))), _ => false, begins: null, CancellationToken.None);

        Assert.False(outcome.Succeeded);
        Assert.Empty(_deployer.Told);
        Assert.Empty(_host.Requests);
    }

    [Fact]
    public async Task A_folder_is_for_hosts_on_this_machine()
    {
        _version = "1.4.2";
        var prod = Prod(Kubectl("one"), Deployment.Webhook("https://contoso.com/hook"), Deployment.Webhook("$(PROD_WEBHOOK_URL)"), Deployment.Webhook(_host.Address.ToString()));

        var plan = await PlanAsync(prod with { HealthChecks = [HealthCheck.Of("https://contoso.com/version"), Check] }, Registry("oci:artifacts/registries/prod"));
        var outcome = await RunAsync(plan);

        Assert.Equal([true, true, true, false, true, false], plan.Steps.Select(step => step.SkippedReason is not null));
        Assert.True(outcome.Succeeded);
        Assert.Contains("webhook ", Assert.Single(_deployer.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_own_deployment_is_carried_out_by_an_own_deployer()
    {
        var prod = new PromotionEnvironment("prod") { Deployments = [new OwnDeployment("here"), new OwnDeployment("west")] };

        var plan = await PlanAsync(prod, Registry("oci:artifacts/registries/prod"));
        await RunAsync(plan);

        Assert.Equal(["COPY_KEY"], prod.DeploymentVariables);
        Assert.Equal([false, true], plan.Steps.Select(step => step.SkippedReason is not null));
        Assert.StartsWith("copy to here: ", Assert.Single(_deployer.Told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "1.4.2", false)]
    [InlineData(true, "1.4.1", true)]
    [InlineData(false, "1.4.2", true)]
    public async Task A_host_that_tells_the_version_is_not_told_again_when_nothing_has_moved_since(bool settled, string running, bool told)
    {
        _version = running;

        var plan = await PlanAsync(Prod(Deployment.Webhook(_host.Address.ToString())), moves: !settled);

        Assert.Equal(told, plan.Steps[0].SkippedReason is null);
    }

    [Fact]
    public async Task Without_a_version_to_ask_for_a_host_is_always_told()
    {
        var prod = Prod(Deployment.Webhook(_host.Address.ToString())) with { HealthChecks = [HealthCheck.Of(_host.Address.ToString())] };

        var plan = await PlanAsync(prod, moves: false);

        Assert.Null(plan.Steps[0].SkippedReason);
    }

    [Fact]
    public async Task A_host_runs_one_image_of_the_release_and_a_webhook_is_for_all()
    {
        var release = Orders.Release("1.4.2", "web", "worker");

        var plan = await PlanAsync(Prod(Deployment.Webhook("https://contoso.com/hook"), Kubectl("one") with { Image = "worker" }), release);
        var untold = await Orders.FailAsync("GAN4072", () => PlanAsync(Prod(Kubectl("one")), release));
        await Orders.FailAsync("GAN4072", () => PlanAsync(Prod(Kubectl("one") with { Image = "job" }), release));

        Assert.Equal(["web", "worker", "worker"], plan.Steps.OfType<DeployHostStep>().Select(step => step.Order.Image.Name));
        Assert.Contains("set its Image to one of web, worker", untold.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task What_nobody_can_do_is_told() =>
        Orders.FailAsync("GAN4075", () => new DeploymentPlanner([], _probe, _ => null).PlanAsync(Orders.Release(), [new DeploymentTarget(Only(Prod(new OwnDeployment("west"))))], CancellationToken.None));

    private HealthCheck Check => HealthCheck.Of(_host.Address.ToString(), ReportedVersion.Text);

    private PromotionEnvironment Prod(params IReadOnlyList<Deployment> deployments) => new("prod") { Deployments = deployments, HealthChecks = [Check] };

    private static KubectlDeployment Kubectl(string name) => Deployment.Kubectl("aks", "shop", name, "web");

    private static RegistryAddress Registry(string text) => RegistryAddress.Parse(text);

    private Task<DeploymentPlan> PlanAsync(PromotionEnvironment environment, params IReadOnlyList<RegistryAddress> registries) =>
        PlanAsync(environment, Orders.Release(), [.. PromotionTarget.Of(environment, registries).Select(target => new DeploymentTarget(target))]);

    private Task<DeploymentPlan> PlanAsync(PromotionEnvironment environment, bool moves) =>
        PlanAsync(environment, Orders.Release(), new DeploymentTarget(Only(environment)) { IsRecorded = true, Moves = moves });

    private Task<DeploymentPlan> PlanAsync(PromotionEnvironment environment, Release release, params IReadOnlyList<DeploymentTarget> targets) =>
        new DeploymentPlanner([_deployer], _probe, _ => null)
            .PlanAsync(release, targets.Count == 0 ? [new DeploymentTarget(Only(environment))] : targets, CancellationToken.None);

    private static PromotionTarget Only(PromotionEnvironment environment) => new(environment, Region: null, Registry("contosoprod.azurecr.io"));

    private static Task<DeploymentOutcome> RunAsync(DeploymentPlan plan) => DeploymentRunner.RunAsync(plan, _ => true, begins: null, CancellationToken.None);
}
