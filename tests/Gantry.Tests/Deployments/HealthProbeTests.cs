using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Deployments;

public sealed class HealthProbeTests
{
    private readonly AutoAdvancingTime _time = new();

    public static TheoryData<string, bool, ReportedVersion, LoopbackResponse> Answers => new()
    {
        { "the property", true, ReportedVersion.Json("version"), new(200, """{"version":"1.4.2"}""") },
        { "a property of an object", true, ReportedVersion.Json("build.version"), new(200, """{"build":{"version":"1.4.2"}}""") },
        { "with the build's metadata", true, ReportedVersion.Json("version"), new(200, """{"version":"1.4.2+0123abc"}""") },
        { "the text", true, ReportedVersion.Text, new(200, "1.4.2\n", "text/plain") },
        { "text after a byte order mark", true, ReportedVersion.Text, new(200, "\uFEFF1.4.2", "text/plain") },
        { "JSON after a byte order mark", true, ReportedVersion.Json("version"), new(200, "\uFEFF{\"version\":\"1.4.2\"}") },
        { "text in a character set that does not exist", true, ReportedVersion.Text, new(200, "1.4.2", "text/plain; charset=bogus") },
        {
            "text in a retired character set", true, ReportedVersion.Text, new(200, "1.4.2", "text/plain; charset=utf-7")
        },
        {
            "the header",
            true, ReportedVersion.Header("X-Version"), new(200) { Headers = new Dictionary<string, string> { ["x-version"] = "1.4.2" } }
        },
        { "another version", false, ReportedVersion.Json("version"), new(200, """{"version":"1.4.20"}""") },
        { "a version in a longer text", false, ReportedVersion.Text, new(200, "App 1.4.2", "text/plain") },
        { "no such property", false, ReportedVersion.Json("build.version"), new(200, """{"build":"1.4.2"}""") },
        { "a number", false, ReportedVersion.Json("version"), new(200, """{"version":1.4}""") },
        { "no JSON", false, ReportedVersion.Json("version"), new(200, "<html>", "text/html") },
        { "no such header", false, ReportedVersion.Header("X-Version"), new(200) },
        { "the version with another status", false, ReportedVersion.Json("version"), new(503, """{"version":"1.4.2"}""") },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task The_version_is_read_where_the_declaration_says(
        string answer, bool right, ReportedVersion version, LoopbackResponse given)
    {
        await using var host = await LoopbackServer.StartAsync(given);

        Assert.True(
            right == await Probe().PassesAsync(
                HealthCheck.Of(host.Address.ToString(), version), SampleOrders.Release(), CancellationToken.None),
            answer);
    }

    [Fact]
    public async Task A_slow_host_is_checked_again()
    {
        await using var host = await LoopbackServer.StartAsync(
            new LoopbackResponse(503), new(200, """{"version":"1.4.1"}"""), new(200, """{"version":"1.4.2"}"""));

        var seen = await Probe().WaitAsync(
            HealthCheck.Of(host.Address.ToString(), ReportedVersion.Json("version")), SampleOrders.Release(), CancellationToken.None);

        Assert.Equal("status 200 with version '1.4.2'", seen);
        Assert.Equal(3, host.Requests.Count);
        Assert.Equal(2, _time.Pauses.Count(pause => pause == TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_failing_host_is_reported_with_its_last_answer()
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(200, """{"version":"1.4.1"}"""));
        var check = HealthCheck.Of(host.Address + "version?code=$(KEY)", ReportedVersion.Json("version")) with
        {
            Timeout = TimeSpan.FromMinutes(2),
            Interval = TimeSpan.FromSeconds(40),
        };

        var error = await SampleOrders.AssertErrorAsync(
            "GAN4078", () => Probe(("KEY", "hidden")).WaitAsync(check, SampleOrders.Release(), CancellationToken.None));

        Assert.Equal(4, host.Requests.Count);
        Assert.All(host.Requests, request => Assert.Equal("/version?code=hidden", request.Path));
        Assert.Equal(
            $"GAN4078: the health check {host.Address}version did not answer with status 200 and version '1.4.2' within 2 minutes; "
            + "the last result was status 200 with version '1.4.1'; "
            + "look at the log of the host; the images are in place, so running the same again continues with the deployment.",
            error.Message);
    }

    [Fact]
    public async Task A_refused_connection_fails_the_check()
    {
        var check = HealthCheck.Of($"http://127.0.0.1:{FreePort.Find()}/");

        var error = await SampleOrders.AssertErrorAsync(
            "GAN4078", () => Probe().WaitAsync(check, SampleOrders.Release(), CancellationToken.None));

        Assert.Contains("the last result was connection refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Successful_answers_must_be_consecutive()
    {
        LoopbackResponse right = new(204), wrong = new(502);
        await using var host = await LoopbackServer.StartAsync(right, wrong, right, right);

        await Probe().WaitAsync(
            HealthCheck.Of(host.Address.ToString()) with { Status = 204, SuccessThreshold = 2 },
            SampleOrders.Release(),
            CancellationToken.None);

        Assert.Equal(4, host.Requests.Count);
    }

    [Fact]
    public async Task The_body_is_not_read_when_the_status_is_enough()
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(200, new string('x', 1024 * 1024), "text/html"));

        Assert.True(await Probe().PassesAsync(HealthCheck.Of(host.Address.ToString()), SampleOrders.Release(), CancellationToken.None));
        var error = await SampleOrders.AssertErrorAsync("GAN4078", () => Probe().WaitAsync(
            HealthCheck.Of(host.Address.ToString(), ReportedVersion.Text), SampleOrders.Release(), CancellationToken.None));

        Assert.Contains("the last result was an answer of more than 64 KiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var host = await LoopbackServer.StartAsync(
            new LoopbackResponse(302) { Headers = new Dictionary<string, string> { ["Location"] = "/elsewhere" } });

        Assert.True(await Probe().PassesAsync(
            HealthCheck.Of(host.Address.ToString()) with { Status = 302 }, SampleOrders.Release(), CancellationToken.None));
        Assert.False(await Probe().PassesAsync(HealthCheck.Of(host.Address.ToString()), SampleOrders.Release(), CancellationToken.None));
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await using var host = await LoopbackServer.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 503;
            await cancelled.CancelAsync();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Probe().WaitAsync(HealthCheck.Of(host.Address.ToString()), SampleOrders.Release(), cancelled.Token));
    }

    private HealthProbe Probe(params IReadOnlyList<(string, string)> variables) =>
        new(_time, SampleOrders.Variables(variables)) { RequestTimeout = AutoAdvancingTime.TimeLimit };
}
