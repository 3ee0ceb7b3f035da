using System.Net;
using Azure.Core;
using Gantry.Azure.Deployments;
using Gantry.Azure.SignIn;
using Gantry.Azure.Tests.Fakes;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing.Faults;

namespace Gantry.Azure.Tests.Deployments;

/// <summary>Deployments to imitations of App Service and Container Apps that keep their settings.</summary>
public sealed partial class AzureDeployerTests : IDisposable
{
    private readonly FakeHttpHosts _hosts = new();
    private readonly FakeAppResourceManager _azure;
    private readonly AzureSession _session;
    private readonly AutoAdvancingTime _time = new();

    public AzureDeployerTests()
    {
        _azure = new FakeAppResourceManager(_hosts);
        _session = new AzureSession(new AzureSessionOptions
        {
            Handler = _hosts,
            TimeProvider = _time,
            NoProgressTimeout = AutoAdvancingTime.TimeLimit,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            SignIn = (_, _) => new Token(),
        });
    }

    public void Dispose()
    {
        _hosts.AssertNoViolation();
        _session.Dispose();
        _hosts.Dispose();
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("staging", "/slots/staging")]
    public async Task A_site_is_set_to_the_digest_once(string? slot, string path)
    {
        var order = Order(Deployment.AppService(FakeAppResourceManager.Site, slot));

        var before = await Sites.InspectAsync(order, CancellationToken.None);
        var done = await Sites.DeployAsync(order, CancellationToken.None);
        var again = await Sites.DeployAsync(order, CancellationToken.None);

        Assert.Equal(new HostState("old.azurecr.io/app:1.4.1", IsCurrent: false), before);
        Assert.Equal("set to " + order.Reference, done);
        Assert.Equal($"has {order.Reference} already", again);
        Assert.True((await Sites.InspectAsync(order, CancellationToken.None)).IsCurrent);
        Assert.Equal("DOCKER|" + order.Reference, _azure.Sites[path]);
        Assert.Single(_azure.Sites.Values, setTo => setTo == "DOCKER|" + order.Reference);
        Assert.Equal($"PATCH {FakeAppResourceManager.Site}{path}/config/web", Assert.Single(_azure.Changes));
    }

    [Theory]
    [InlineData(null, "is set to no Linux container")]
    [InlineData("", "is set to no Linux container")]
    [InlineData("DOTNETCORE|10.0", "is set to 'DOTNETCORE|10.0'")]
    [InlineData("COMPOSE|abc", "is set to 'COMPOSE|abc'")]
    [InlineData("sitecontainers", "runs several containers")]
    public async Task A_site_without_a_single_container_is_refused_before_the_promotion(string? setTo, string told)
    {
        _azure.Sites[""] = setTo;

        var error = await FailAsync(
            "GAN9070", () => Sites.InspectAsync(Order(Deployment.AppService(FakeAppResourceManager.Site)), CancellationToken.None));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_site_has_no_image_yet()
    {
        _azure.Sites[""] = "DOCKER|";

        Assert.Equal(
            new HostState(null, IsCurrent: false),
            await Sites.InspectAsync(Order(Deployment.AppService(FakeAppResourceManager.Site)), CancellationToken.None));
    }

    [Fact]
    public async Task A_missing_slot_is_reported() =>
        Assert.Contains(
            "slot blue",
            (await FailAsync("GAN9014", () =>
                Sites.InspectAsync(Order(Deployment.AppService(FakeAppResourceManager.Site, "blue")), CancellationToken.None))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_right_is_named()
    {
        _azure.Refusals.Enqueue(FakeAppResourceManager.Refuse(
            HttpStatusCode.Forbidden,
            "AuthorizationFailed",
            "The client 'x' with object id 'x' does not have authorization to perform action 'Microsoft.Web/sites/config/write' over scope "
                + $"'{FakeAppResourceManager.Site}/config/web' or the scope is invalid."));

        var error = await FailAsync(
            "GAN9013", () => Sites.DeployAsync(Order(Deployment.AppService(FakeAppResourceManager.Site)), CancellationToken.None));

        Assert.Contains("lacks the right Microsoft.Web/sites/config/write", error.Message, StringComparison.Ordinal);
        Assert.Contains("Website Contributor", error.Message, StringComparison.Ordinal);
        Assert.Equal("DOCKER|old.azurecr.io/app:1.4.1", _azure.Sites[""]);
    }

    [Fact]
    public async Task A_throttled_request_is_retried()
    {
        var throttled = FakeAppResourceManager.Refuse(HttpStatusCode.TooManyRequests, "TooManyRequests", "Slow down.");
        throttled.Headers.TryAddWithoutValidation("Retry-After", "0");
        _azure.Refusals.Enqueue(throttled);

        await Sites.DeployAsync(Order(Deployment.AppService(FakeAppResourceManager.Site)), CancellationToken.None);

        Assert.Single(_azure.Changes);
    }

    [Fact]
    public Task A_site_that_does_not_keep_the_digest_is_reported()
    {
        _azure.IgnoresChanges = true;
        return FailAsync(
            "GAN9071", () => Sites.DeployAsync(Order(Deployment.AppService(FakeAppResourceManager.Site)), CancellationToken.None));
    }

    [Fact]
    public async Task An_app_gets_a_new_revision_and_everything_else_stays()
    {
        _azure.PollsNeeded = 2;
        _azure.States.Enqueue(("Provisioning", "None", "Processing", null));
        _azure.States.Enqueue(("Provisioned", "None", "Activating", null));
        _azure.States.Enqueue(("Provisioned", "Healthy", "Running", null));
        var order = Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web"));
        var before = _azure.Containers.DeepClone();

        var state = await Apps.InspectAsync(order, CancellationToken.None);
        var done = await Apps.DeployAsync(order, CancellationToken.None);
        var again = await Apps.DeployAsync(order, CancellationToken.None);

        Assert.Equal(new HostState("old.azurecr.io/app:1.4.1", IsCurrent: false), state);
        Assert.Equal($"set to {order.Reference}, revision contoso--0000007 is healthy", done);
        Assert.Equal($"has {order.Reference} already, revision contoso--0000007 is healthy", again);
        Assert.Single(_azure.Changes);
        before[0]!["image"] = order.Reference;
        Assert.Equal(before.ToJsonString(), _azure.Containers.ToJsonString());
        Assert.Equal(0, _azure.ContainerApp["properties"]!["template"]!["scale"]!["minReplicas"]!.GetValue<int>());
        Assert.Equal(2, _time.Pauses.Count(pause => pause == TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task An_app_scaled_to_zero_is_healthy()
    {
        _azure.States.Enqueue(("Provisioned", "None", "ScaledToZero", null));

        Assert.Contains(
            "healthy",
            await Apps.DeployAsync(Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web")), CancellationToken.None),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manual_traffic_split_is_kept_and_reported()
    {
        _azure.ContainerApp["properties"]!["configuration"]!["activeRevisionsMode"] = "Multiple";
        _azure.ContainerApp["properties"]!["configuration"]!["ingress"]!["traffic"] = System.Text.Json.Nodes.JsonNode.Parse(
            """[{"revisionName":"contoso--first","weight":100}]""");

        Assert.EndsWith(
            "and gets no traffic yet",
            await Apps.DeployAsync(Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web")), CancellationToken.None),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_revision_is_reported_with_the_reason()
    {
        _azure.States.Enqueue(("Failed", "None", "Failed", "Failed to pull image: unauthorized"));

        var error = await FailAsync(
            "GAN9073", () => Apps.DeployAsync(Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web")), CancellationToken.None));

        Assert.Contains(
            "the revision contoso--0000007 of the Container App contoso, container web failed: Failed to pull image: unauthorized",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unhealthy_revision_is_reported_and_the_next_run_only_waits()
    {
        _azure.States.Enqueue(("Provisioned", "Unhealthy", "Running", null));
        var order = Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web"));

        var error = await FailAsync("GAN9074", () => Apps.DeployAsync(order, CancellationToken.None));
        _azure.States.Clear();
        var again = await Apps.DeployAsync(order, CancellationToken.None);

        Assert.Contains("was not healthy within 10 minutes (Provisioned, Unhealthy, Running)", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("has ", again, StringComparison.Ordinal);
        Assert.Single(_azure.Changes);
    }

    [Fact]
    public async Task A_change_of_a_busy_app_is_retried()
    {
        for (var number = 0; number < 2; number++)
            _azure.Refusals.Enqueue(FakeAppResourceManager.Refuse(
                HttpStatusCode.Conflict,
                "ContainerAppOperationInProgress",
                "Cannot modify a container app when there is an ongoing provisioning operation."));

        await Apps.DeployAsync(Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web")), CancellationToken.None);

        Assert.Single(_azure.Changes);
    }

    [Fact]
    public async Task A_concurrent_change_of_another_container_is_kept()
    {
        _azure.Refusals.Enqueue(FakeAppResourceManager.Refuse(
            HttpStatusCode.Conflict,
            "ContainerAppOperationInProgress",
            "Cannot modify a container app when there is an ongoing provisioning operation."));
        _azure.OnRefused = () => _azure.Containers[1]!["image"] = "log:2";
        var order = Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web"));

        await Apps.DeployAsync(order, CancellationToken.None);

        Assert.Equal([order.Reference, "log:2"], _azure.Containers.Select(container => (string?)container!["image"]));
    }

    [Fact]
    public async Task A_digest_that_was_set_concurrently_is_not_set_again()
    {
        var order = Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web"));
        _azure.Refusals.Enqueue(FakeAppResourceManager.Refuse(
            HttpStatusCode.Conflict,
            "ContainerAppOperationInProgress",
            "Cannot modify a container app when there is an ongoing provisioning operation."));
        _azure.OnRefused = () => _azure.Containers[0]!["image"] = order.Reference;

        Assert.StartsWith("has ", await Apps.DeployAsync(order, CancellationToken.None), StringComparison.Ordinal);
        Assert.Empty(_azure.Changes);
    }

    [Theory]
    [InlineData("Failed", "ActivationFailed")]
    [InlineData("Provisioned", "Failed")]
    public async Task A_run_after_a_failed_revision_creates_a_new_revision(string provisioning, string running)
    {
        var order = Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web"));
        _azure.States.Enqueue((provisioning, "None", running, "Failed to pull image: unauthorized"));
        await FailAsync("GAN9073", () => Apps.DeployAsync(order, CancellationToken.None));
        var state = await Apps.InspectAsync(order, CancellationToken.None);

        // The run reads the failed revision once more.
        _azure.States.Enqueue(("Provisioned", "Healthy", "Running", null));
        var again = await Apps.DeployAsync(order, CancellationToken.None);

        Assert.Equal(new HostState(order.Reference, IsCurrent: false), state);
        Assert.StartsWith($"set to {order.Reference}, revision contoso--r2026", again, StringComparison.Ordinal);
        Assert.Equal(2, _azure.Changes.Count);
        Assert.True((await Apps.InspectAsync(order, CancellationToken.None)).IsCurrent);
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Canceled")]
    public async Task An_app_whose_last_change_failed_is_set_again(string provisioningState)
    {
        var order = Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web"));
        await Apps.DeployAsync(order, CancellationToken.None);
        _azure.ContainerApp["properties"]!["provisioningState"] = provisioningState;

        var state = await Apps.InspectAsync(order, CancellationToken.None);
        await Apps.DeployAsync(order, CancellationToken.None);

        Assert.False(state.IsCurrent);
        Assert.Equal(2, _azure.Changes.Count);
    }

    [Fact]
    public async Task A_change_with_an_unreadable_operation_is_followed_at_the_app()
    {
        (_azure.DeniesOperationStatus, _azure.ReadsUntilNewRevision) = (true, 3);
        var order = Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web"));

        Assert.Equal(
            $"set to {order.Reference}, revision contoso--0000007 is healthy",
            await Apps.DeployAsync(order, CancellationToken.None));
    }

    [Fact]
    public async Task An_earlier_failed_revision_does_not_fail_the_new_one()
    {
        (_azure.DeniesOperationStatus, _azure.ReadsUntilNewRevision) = (true, 2);
        var order = Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web"));
        _azure.States.Enqueue(("Failed", "None", "Failed", "Failed to pull image: unauthorized"));
        await FailAsync("GAN9073", () => Apps.DeployAsync(order, CancellationToken.None));

        for (var reading = 0; reading < 2; reading++)
            _azure.States.Enqueue(("Failed", "None", "Failed", "Failed to pull image: unauthorized"));
        _azure.States.Enqueue(("Provisioned", "Healthy", "Running", null));

        Assert.Contains("revision contoso--r2026", await Apps.DeployAsync(order, CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_a_busy_site_is_retried()
    {
        _azure.Refusals.Enqueue(FakeAppResourceManager.Refuse(
            HttpStatusCode.Conflict, "Conflict", "Cannot modify this site because another operation is in progress."));
        var order = Order(Deployment.AppService(FakeAppResourceManager.Site));

        Assert.Equal("set to " + order.Reference, await Sites.DeployAsync(order, CancellationToken.None));
        Assert.Single(_azure.Changes);
    }

    [Fact]
    public async Task An_app_that_stays_busy_is_reported()
    {
        for (var number = 0; number < 20; number++)
            _azure.Refusals.Enqueue(FakeAppResourceManager.Refuse(
                HttpStatusCode.Conflict,
                "ContainerAppOperationInProgress",
                "Cannot modify a container app when there is an ongoing provisioning operation."));

        var error = await FailAsync(
            "GAN9075", () => Apps.DeployAsync(Order(Deployment.ContainerApp(FakeAppResourceManager.App, "web")), CancellationToken.None));

        Assert.Contains("ongoing provisioning operation", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "has the containers web, log")]
    [InlineData("api", "has no container 'api'; use one of web, log")]
    public async Task One_of_several_containers_must_be_chosen(string? container, string told)
    {
        var error = await FailAsync(
            "GAN9072",
            () => Apps.InspectAsync(Order(Deployment.ContainerApp(FakeAppResourceManager.App, container)), CancellationToken.None));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_container_need_not_be_chosen()
    {
        _azure.Containers.RemoveAt(1);

        await Apps.DeployAsync(Order(Deployment.ContainerApp(FakeAppResourceManager.App)), CancellationToken.None);

        Assert.Single(_azure.Changes);
    }

    [Fact]
    public Task A_missing_app_is_reported() =>
        FailAsync("GAN9014", () => Apps.InspectAsync(
            Order(Deployment.ContainerApp(
                FakeAppResourceManager.App.Replace("containerApps/contoso", "containerApps/other", StringComparison.Ordinal))),
            CancellationToken.None));

    private AppServiceDeployer Sites => new(_session);

    private ContainerAppDeployer Apps => new(_session, _time);

    private static DeploymentOrder Order(Deployment deployment)
    {
        var digest = Digest.Parse("sha256:" + new string('a', 64));
        var image = new ReleaseImage
        {
            Name = "app",
            Repository = "contoso.azurecr.io/app",
            Digest = digest,
            MediaType = MediaTypes.OciManifest,
            Size = 524,
            Platforms = ["linux/amd64"],
        };
        return new()
        {
            Deployment = deployment,
            Release = new Release { Version = "1.4.2", Commit = new string('0', 40), Created = DateTimeOffset.UnixEpoch, Images = [image] },
            Image = image,
            Target = new PromotionTarget(new("prod"), Region: null, RegistryAddress.Parse("contosoprod.azurecr.io")),
        };
    }

    private static async Task<GantryException> FailAsync(string code, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<GantryException>(action);
        Assert.True(code == error.Code, $"{code} expected: {error.Message}");
        return error;
    }

    private sealed class Token : TokenCredential
    {
        private static readonly AccessToken Given = new("token", DateTimeOffset.UnixEpoch.AddYears(100));

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => Given;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(Given);
    }
}
