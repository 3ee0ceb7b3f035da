using System.Text;
using System.Text.Json;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Deployments;

public sealed class WebhookTests
{
    [Fact]
    public async Task The_payload_is_the_one_of_a_push_to_Azure_Container_Registry()
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(200));

        await SendAsync(SampleOrders.Order(Deployment.Webhook(host.Address + "hook")));

        var request = Assert.Single(host.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        using var document = JsonDocument.Parse(request.Body);
        var root = document.RootElement;
        Assert.Equal(["id", "timestamp", "action", "target", "request"], root.EnumerateObject().Select(property => property.Name));
        Assert.True(Guid.TryParse(root.GetProperty("id").GetString(), out _));
        Assert.Equal("push", root.GetProperty("action").GetString());
        Assert.Equal("2026-01-01T00:00:00Z", root.GetProperty("timestamp").GetString());
        Assert.Equal(
            $$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":524,"digest":"{{SampleOrders.Digest}}","length":524,"repository":"team/app","tag":"1.4.2"}""",
            root.GetProperty("target").GetRawText());
        var pushed = root.GetProperty("request");
        Assert.Equal(["id", "host", "method", "useragent"], pushed.EnumerateObject().Select(property => property.Name));
        Assert.Equal("contosoprod.azurecr.io", pushed.GetProperty("host").GetString());
        Assert.Equal("PUT", pushed.GetProperty("method").GetString());
    }

    [Fact]
    public async Task Credentials_in_the_address_are_sent_as_basic_credentials_and_never_shown()
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(403));
        var address = $"http://%24contoso:p%40ss@{host.Address.Authority}/api/registry/webhook?key=hidden";
        var order = SampleOrders.Order(
            Deployment.Webhook("$(PROD_WEBHOOK_URL)") with { Headers = new Dictionary<string, string> { ["X-Key"] = "$(Hook.Key)" } });

        var error = await SampleOrders.AssertErrorAsync(
            "GAN4077", () => SendAsync(order, SampleOrders.Variables(("PROD_WEBHOOK_URL", address), ("HOOK_KEY", "k1"))));

        var request = Assert.Single(host.Requests);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("$contoso:p@ss")), request.Headers["Authorization"]);
        Assert.Equal("k1", request.Headers["X-Key"]);
        Assert.Equal("/api/registry/webhook?key=hidden", request.Path);
        Assert.Equal(
            "GAN4077: the webhook $(PROD_WEBHOOK_URL) answers with status 403; check its address, its credential and what the "
                + "receiver says in its log.",
            error.Message);
    }

    [Fact]
    public async Task A_transient_failure_is_retried_as_the_same_event()
    {
        await using var host = await LoopbackServer.StartAsync(
            new LoopbackResponse(503),
            new LoopbackResponse(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "7" } },
            new LoopbackResponse(202));
        var time = new AutoAdvancingTime();

        var done = await SendAsync(SampleOrders.Order(Deployment.Webhook(host.Address.ToString())), time: time);

        Assert.Equal("notified of contosoprod.azurecr.io/team/app:1.4.2, status 202", done);
        Assert.Equal(3, host.Requests.Count);
        Assert.Single(host.Requests.Select(request => request.Body).Distinct());
        Assert.Contains(TimeSpan.FromSeconds(7), time.Pauses);
    }

    [Fact]
    public async Task Retries_are_limited()
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(500));

        var error = await SampleOrders.AssertErrorAsync(
            "GAN4077", () => SendAsync(SampleOrders.Order(Deployment.Webhook(host.Address.ToString()))));

        Assert.Equal(4, host.Requests.Count);
        Assert.Contains("status 500, in every attempt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = await LoopbackServer.StartAsync(new LoopbackResponse(200));
        await using var host = await LoopbackServer.StartAsync(
            new LoopbackResponse(307) { Headers = new Dictionary<string, string> { ["Location"] = other.Address.ToString() } });

        await SampleOrders.AssertErrorAsync("GAN4077", () => SendAsync(SampleOrders.Order(Deployment.Webhook(host.Address.ToString()))));

        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_refused_connection_is_reported()
    {
        var error = await SampleOrders.AssertErrorAsync(
            "GAN4076", () => SendAsync(SampleOrders.Order(Deployment.Webhook($"http://127.0.0.1:{FreePort.Find()}/hook"))));

        Assert.Contains("connection refused", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GAN4073", null)]
    [InlineData("GAN4073", "")]
    [InlineData("GAN4073", "$(PROD_WEBHOOK_URL)")]
    [InlineData("GAN4074", "no address")]
    [InlineData("GAN4074", "http://contoso.com/hidden")]
    public async Task An_invalid_variable_is_found_before_the_promotion(string code, string? value)
    {
        using var deployer = new WebhookDeployer(new AutoAdvancingTime(), name => name == "PROD_WEBHOOK_URL" ? value : null)
        {
            RequestTimeout = AutoAdvancingTime.TimeLimit,
        };

        var error = await SampleOrders.AssertErrorAsync(
            code, () => deployer.InspectAsync(SampleOrders.Order(Deployment.Webhook("$(PROD_WEBHOOK_URL)")), CancellationToken.None));

        Assert.Contains("PROD_WEBHOOK_URL", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(DeploymentOrder order, Func<string, string?>? variable = null, TimeProvider? time = null)
    {
        using var deployer = new WebhookDeployer(time ?? new AutoAdvancingTime(), variable ?? (_ => null))
        {
            RequestTimeout = AutoAdvancingTime.TimeLimit,
        };
        return await deployer.DeployAsync(order, CancellationToken.None);
    }
}
