using System.Text.Json.Nodes;
using Gantry.Drift;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Testing.Faults;
using Gantry.Tests.Deployments;

namespace Gantry.Tests.Seeing;

/// <summary>The state of each run, as a webhook gets it.</summary>
public sealed class DriftWebhookTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task Drift_and_its_end_have_the_same_marker()
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(202));
        var alert = DriftAlert.Webhook(host.Address + "drift?code=$(KEY)") with
        {
            Headers = new Dictionary<string, string> { ["X-Key"] = "$(KEY)" },
        };

        var told = await SendAsync(alert, Report(Finding));
        await SendAsync(alert, Report());

        Assert.Equal(
            ["drifted", "settled"], host.Requests.Select(request => (string)JsonNode.Parse(request.Body)!["state"]!));
        var drift = JsonNode.Parse(host.Requests[0].Body)!;
        Assert.Equal("gantry-drift-00000000", (string?)drift["marker"]);
        Assert.Equal(Report(Finding).Fingerprint, (string?)drift["fingerprint"]);
        Assert.Equal("GAN4500", (string?)drift["report"]!["findings"]![0]!["code"]);
        Assert.Equal("/drift?code=hidden", host.Requests[0].Path);
        Assert.Equal(["KEY"], alert.Variables);
        Assert.DoesNotContain("hidden", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_known_is_not_sent()
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(202));

        Assert.Null(await SendAsync(
            DriftAlert.Webhook(host.Address.ToString()), Report(Finding with { Kind = StatusMarkKind.Unreadable })));
        Assert.Empty(host.Requests);
    }

    [Theory]
    [InlineData(403, "GAN4510")]
    [InlineData(503, "GAN4510")]
    public async Task A_refusal_is_reported(int status, string code)
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(status));

        await SampleOrders.AssertErrorAsync(code, () => SendAsync(DriftAlert.Webhook(host.Address.ToString()), Report(Finding)));
    }

    [Fact]
    public Task A_receiver_that_cannot_be_reached_is_reported() => SampleOrders.AssertErrorAsync(
        "GAN4509", () => SendAsync(DriftAlert.Webhook($"http://127.0.0.1:{FreePort.Find()}/"), Report(Finding)));

    [Theory]
    [InlineData("http://hooks.test/drift")]
    [InlineData("https://user:password@hooks.test/drift")]
    public void An_address_that_would_show_a_secret_is_refused(string url) =>
        Assert.Equal("GAN4508", Assert.Throws<GantryException>(() => DriftAlert.Webhook(url).EnsureValid()).Code);

    [Theory]
    [InlineData("a;b")]
    [InlineData("a,b")]
    [InlineData(" ")]
    public void A_tag_that_would_be_two_is_refused(string tag) => Assert.Equal(
        "GAN4508", Assert.Throws<GantryException>(() => (DriftAlert.WorkItem() with { Tags = [tag] }).EnsureValid()).Code);

    private static async Task<string?> SendAsync(WebhookAlert alert, DriftReport report)
    {
        using var webhook = new DriftWebhook(new AutoAdvancingTime(), SampleOrders.Variables(("KEY", "hidden")))
        {
            RequestTimeout = AutoAdvancingTime.TimeLimit,
        };
        return await webhook.SendAsync(alert, report, "gantry-drift-00000000", run: null, default);
    }

    private static DriftReport Report(params DriftFinding[] findings) =>
        new() { AsOf = s_now, Places = [], Hosts = [], Findings = findings };

    private static DriftFinding Finding => new()
    {
        Kind = StatusMarkKind.OtherOnHosts, Code = "GAN4500", Place = "prod", Problem = "host web runs two instead of one",
    };
}
