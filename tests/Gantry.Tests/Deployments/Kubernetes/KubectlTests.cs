using System.Text.Json.Nodes;
using Gantry.Deployments;
using Gantry.Deployments.Kubernetes;
using Gantry.Environments;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Deployments.Kubernetes;

/// <summary>The real kubectl, with an imitation of the cluster.</summary>
public sealed class KubectlTests
{
    private static readonly KubectlDeployment Web = Deployment.Kubectl("aks-prod", "shop", "app", "web");

    [KubectlFact]
    public async Task A_container_gets_the_digest_and_the_others_keep_theirs()
    {
        await using var cluster = await FakeKubernetesApi.StartAsync();
        var order = SampleOrders.Order(Web);

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
    public async Task An_init_container_can_be_set()
    {
        await using var cluster = await FakeKubernetesApi.StartAsync();
        var order = SampleOrders.Order(Web with { Container = "migrate" });

        await DeployerOf(cluster).DeployAsync(order, CancellationToken.None);

        Assert.Equal(order.Reference, cluster.ImageOf("migrate", "initContainers"));
    }

    [KubectlFact]
    public async Task A_stuck_rollout_is_reported()
    {
        await using var cluster = await FakeKubernetesApi.StartAsync();
        cluster.Stuck = true;

        var error = await SampleOrders.AssertErrorAsync(
            "GAN4094", () => DeployerOf(cluster).DeployAsync(SampleOrders.Order(Web), CancellationToken.None));

        Assert.Contains("exceeded its progress deadline", error.Message, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Faults_are_found_before_the_promotion()
    {
        await using var cluster = await FakeKubernetesApi.StartAsync();
        Task<HostState> InspectAsync(KubectlDeployment deployment) =>
            DeployerOf(cluster).InspectAsync(SampleOrders.Order(deployment), CancellationToken.None);

        var container = await SampleOrders.AssertErrorAsync("GAN4093", () => InspectAsync(Web with { Container = "api" }));
        await SampleOrders.AssertErrorAsync("GAN4092", () => InspectAsync(Web with { Workload = "other" }));
        await SampleOrders.AssertErrorAsync("GAN4092", () => InspectAsync(Web with { Namespace = "elsewhere" }));
        await SampleOrders.AssertErrorAsync("GAN4090", () => InspectAsync(Web with { Context = "aks-test" }));
        cluster.Refusal = 403;
        var denied = await SampleOrders.AssertErrorAsync("GAN4091", () => InspectAsync(Web));
        cluster.Configure($"http://127.0.0.1:{FreePort.Find()}");
        await SampleOrders.AssertErrorAsync("GAN4090", () => InspectAsync(Web));

        Assert.Contains("use one of log, web, migrate", container.Message, StringComparison.Ordinal);
        Assert.Contains("cannot get resource", denied.Message, StringComparison.Ordinal);
        Assert.Empty(cluster.Patches);
    }

    [KubectlFact]
    public async Task A_workload_is_read_without_a_release()
    {
        await using var cluster = await FakeKubernetesApi.StartAsync();
        cluster.Status["conditions"] = JsonNode.Parse(
            """[{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable","lastUpdateTime":"2026-01-02T03:04:05Z"}]""");

        var settled = await ReadAsync(cluster);
        await DeployerOf(cluster).DeployAsync(SampleOrders.Order(Web), CancellationToken.None);
        cluster.Status["updatedReplicas"] = 0;
        var inProgress = await ReadAsync(cluster);
        cluster.Status["conditions"] = JsonNode.Parse("""[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]""");
        var failed = await ReadAsync(cluster);

        Assert.Equal(
            new HostImage("old.azurecr.io/app:1.4.1")
            {
                Part = "container web", Since = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            },
            Assert.Single(settled.Images));
        Assert.Null(settled.Unsettled);
        Assert.Equal(SampleOrders.Digest, Assert.Single(inProgress.Images).Digest);
        Assert.Equal(("0 of 1 pods have its image", false), (inProgress.Unsettled, inProgress.HasFailed));
        Assert.Equal(("its rollout has exceeded the progress deadline", true), (failed.Unsettled, failed.HasFailed));
        cluster.Refusal = 403;
        await SampleOrders.AssertErrorAsync("GAN4091", () => ReadAsync(cluster));
    }

    [Fact]
    public Task A_missing_kubectl_is_reported() => SampleOrders.AssertErrorAsync(
        "GAN4079",
        () =>
            new KubectlDeployer(new AutoAdvancingTime(), "no-such-kubectl").InspectAsync(SampleOrders.Order(Web), CancellationToken.None));

    private static Task<HostReading> ReadAsync(FakeKubernetesApi cluster) =>
        DeployerOf(cluster).ReadAsync(new HostQuery(Web, SampleOrders.Order(Web).Target, "app"), CancellationToken.None);

    private static KubectlDeployer DeployerOf(FakeKubernetesApi cluster) => new(new AutoAdvancingTime(), cluster.Program);
}
