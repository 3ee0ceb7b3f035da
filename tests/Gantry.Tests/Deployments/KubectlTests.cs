using Gantry.Deployments;
using Gantry.Deployments.Kubernetes;
using Gantry.Environments;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Deployments;

/// <summary>The real kubectl, and a cluster that is imitated as far as it asks.</summary>
public sealed class KubectlTests
{
    private static readonly KubectlDeployment Web = Deployment.Kubectl("aks-prod", "shop", "app", "web");

    [KubectlFact]
    public async Task A_container_gets_the_digest_and_the_others_keep_theirs()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var order = Orders.Order(Web);

        var before = await DeployerOf(cluster).InspectAsync(order, CancellationToken.None);
        var done = await DeployerOf(cluster).DeployAsync(order, CancellationToken.None);
        var again = await DeployerOf(cluster).DeployAsync(order, CancellationToken.None);
        var after = await DeployerOf(cluster).InspectAsync(order, CancellationToken.None);

        Assert.Equal(new HostState("old.azurecr.io/app:1.4.1", IsCurrent: false), before);
        Assert.Equal($"set to {order.Reference} and rolled out", done);
        Assert.Equal($"has {order.Reference} already, rolled out", again);
        Assert.Equal(new HostState(order.Reference, IsCurrent: true), after);
        Assert.Single(cluster.Patches);
        Assert.Equal("log:1", cluster.ImageOf("log"));
        Assert.Equal("old.azurecr.io/app:1.4.1", cluster.ImageOf("migrate", "initContainers"));
    }

    [KubectlFact]
    public async Task A_container_that_runs_before_is_a_container_too()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var order = Orders.Order(Web with { Container = "migrate" });

        await DeployerOf(cluster).DeployAsync(order, CancellationToken.None);

        Assert.Equal(order.Reference, cluster.ImageOf("migrate", "initContainers"));
    }

    [KubectlFact]
    public async Task A_rollout_that_gets_stuck_is_told()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Stuck = true;

        var error = await Orders.FailAsync("GAN4094", () => DeployerOf(cluster).DeployAsync(Orders.Order(Web), CancellationToken.None));

        Assert.Contains("exceeded its progress deadline", error.Message, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task What_is_wrong_is_found_before_anything_is_promoted()
    {
        await using var cluster = await FakeCluster.StartAsync();
        Task<HostState> InspectAsync(KubectlDeployment deployment) => DeployerOf(cluster).InspectAsync(Orders.Order(deployment), CancellationToken.None);

        var container = await Orders.FailAsync("GAN4093", () => InspectAsync(Web with { Container = "api" }));
        await Orders.FailAsync("GAN4092", () => InspectAsync(Web with { Workload = "other" }));
        await Orders.FailAsync("GAN4092", () => InspectAsync(Web with { Namespace = "elsewhere" }));
        await Orders.FailAsync("GAN4090", () => InspectAsync(Web with { Context = "aks-test" }));
        cluster.Refusal = 403;
        var denied = await Orders.FailAsync("GAN4091", () => InspectAsync(Web));
        cluster.Configure($"http://127.0.0.1:{FreePort.Find()}");
        await Orders.FailAsync("GAN4090", () => InspectAsync(Web));

        Assert.Contains("use one of log, web, migrate", container.Message, StringComparison.Ordinal);
        Assert.Contains("cannot get resource", denied.Message, StringComparison.Ordinal);
        Assert.Empty(cluster.Patches);
    }

    [Fact]
    public Task A_machine_without_kubectl_is_told() => Orders.FailAsync(
        "GAN4079",
        () => new KubectlDeployer(new ImpatientTime(), "no-such-kubectl").InspectAsync(Orders.Order(Web), CancellationToken.None));

    private static KubectlDeployer DeployerOf(FakeCluster cluster) => new(new ImpatientTime(), cluster.Program);
}
