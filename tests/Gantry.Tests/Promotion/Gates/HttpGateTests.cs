using System.Text.Json;
using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Promotion.Gates;
using Gantry.Testing;
using Microsoft.AspNetCore.Http;

namespace Gantry.Tests.Promotion.Gates;

public sealed class HttpGateTests
{
    private const string Other = """does not hold: its answer is not one such as {"holds": true, "reason": "approved"}""";

    private static readonly Dictionary<string, (LoopbackResponse Answer, GateVerdict? Verdict, string Finding)> s_answers = new()
    {
        ["holds"] = (new(200, """{"holds": true, "reason": "CHG-7 is approved"}"""), GateVerdict.Held, "CHG-7 is approved"),
        ["created"] = (new(201, """{"holds":true,"reason":"done"}"""), GateVerdict.Held, "done"),
        ["does not hold"] = (new(200, """{"holds": false, "reason": "CHG-7 is open"}"""), null, "does not hold: CHG-7 is open"),
        ["empty"] = (new(200), null, Other),
        ["no content"] = (new(204), null, Other),
        ["null"] = (new(200, "null"), null, Other),
        ["an empty object"] = (new(200, "{}"), null, Other),
        ["no reason"] = (new(200, """{"holds":true}"""), null, Other),
        ["a blank reason"] = (new(200, """{"holds":true,"reason":" "}"""), null, Other),
        ["a reason that is null"] = (new(200, """{"holds":true,"reason":null}"""), null, Other),
        ["no verdict"] = (new(200, """{"reason":"fine"}"""), null, Other),
        ["a verdict that is a text"] = (new(200, """{"holds":"true","reason":"fine"}"""), null, Other),
        ["two verdicts"] = (new(200, """{"holds":false,"holds":true,"reason":"fine"}"""), null, Other),
        ["another case"] = (new(200, """{"Holds":true,"Reason":"fine"}"""), null, Other),
        ["more than was asked"] = (new(200, """{"holds":true,"reason":"fine","error":"not at all"}"""), null, Other),
        ["a list"] = (new(200, """[{"holds":true,"reason":"fine"}]"""), null, Other),
        ["something behind it"] = (new(200, """{"holds":true,"reason":"fine"} no"""), null, Other),
        ["a page"] = (new(200, "<html>Sign in</html>", "text/html"), null, Other),
        ["a large answer"] = (new(200, new string(' ', Limits.ErrorBytes + 1)), null,
            "does not hold: there is no answer: an answer of more than 64 KiB"),
        ["a refusal with a good body"] = (new(403, """{"holds": true, "reason": "fine"}"""), null,
            "does not hold: it answers with status 403"),
        ["a failure with a good body"] = (new(500, """{"holds": true, "reason": "fine"}"""), null,
            "does not hold: it answers with status 500"),
        ["too many requests"] = (new(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "5" } }, null,
            "does not hold: it answers with status 429"),
        ["several lines"] = (new(200, """{"holds": true, "reason": "one\n  two."}"""), GateVerdict.Held, "one two"),
    };

    public static TheoryData<string> Answers => [.. s_answers.Keys];

    [Theory, MemberData(nameof(Answers))]
    public async Task Only_a_complete_answer_holds(string name)
    {
        var (answer, verdict, finding) = s_answers[name];
        await using var server = await LoopbackServer.StartAsync(answer);

        var gate = await EvaluateAsync(Gate.Http(server.Address + "may"));

        Assert.Equal((verdict, finding), (gate.Verdict, gate.Finding));
        Assert.Single(server.Requests);
        Assert.False(gate.IsDelegable);
    }

    [Fact]
    public async Task The_release_is_posted_or_is_in_the_query()
    {
        await using var server = await LoopbackServer.StartAsync(new LoopbackResponse(200, """{"holds":true,"reason":"fine"}"""));
        using var fixture = await GateFixture.CreateAsync();

        await EvaluateAsync(Gate.Http(server.Address + "may?team=shop"), fixture);
        await EvaluateAsync(Gate.Http(server.Address + "may?team=shop") with { UsesGet = true }, fixture);

        Assert.Equal(["POST", "GET"], server.Requests.Select(request => request.Method));
        Assert.Equal(
            """{"schema":1,"environment":"prod","release":"1.0.0","commit":"0123456789abcdef0123456789abcdef01234567","""
                + $$"""
                "images":[{"name":"app","digest":"{{fixture.App}}"}]}
                """,
            server.Requests[0].Body);
        Assert.Equal("application/json", server.Requests[0].Headers["Content-Type"]);
        Assert.Equal("/may?team=shop&release=1.0.0&environment=prod", server.Requests[1].Path);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var elsewhere = await LoopbackServer.StartAsync(new LoopbackResponse(200, """{"holds":true,"reason":"fine"}"""));
        await using var server = await LoopbackServer.StartAsync(
            new LoopbackResponse(302) { Headers = new Dictionary<string, string> { ["Location"] = elsewhere.Address.ToString() } });

        var gate = await EvaluateAsync(Gate.Http(server.Address + "may"));

        Assert.Equal((null, "does not hold: it answers with status 302"), (gate.Verdict, gate.Finding));
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_does_not_hold()
    {
        var gate = await EvaluateAsync(Gate.Http($"http://127.0.0.1:{FreePort.Find()}/may"));

        Assert.Null(gate.Verdict);
        Assert.StartsWith("does not hold: there is no answer: ", gate.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_comes_too_late_does_not_hold(bool begins)
    {
        using var fixture = await GateFixture.CreateAsync();
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            if (begins)
                await context.Response.WriteAsync("""{"holds":true,""", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            fixture.Time.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        var gate = await EvaluateAsync(Gate.Http(server.Address + "may"), fixture);

        Assert.Equal((null, "does not hold: there is no answer within 30 seconds"), (gate.Verdict, gate.Finding));
    }

    [Fact]
    public async Task Secrets_come_from_variables_and_never_into_a_finding()
    {
        await using var server = await LoopbackServer.StartAsync(
            (context, request) => new LoopbackResponse(
                200, $$"""{"holds":true,"reason":"seen {{request.Headers["X-Key"]}} and hidden-path"}""").WriteAsync(context));
        var gate = Gate.Http("$(MAY_URL)") with
        {
            Headers = new Dictionary<string, string> { ["X-Key"] = "$(MAY_KEY)" },
        };
        var evaluator = new HttpEvaluator
        {
            Variable = name => name == "MAY_URL" ? server.Address + "hidden-path" : name == "MAY_KEY" ? "s3cr3t-value" : null,
        };

        var planned = await EvaluateAsync(gate, evaluator: evaluator);

        Assert.Equal((GateVerdict.Held, "seen *** and hidden-path"), (planned.Verdict, planned.Finding));
        Assert.Equal("answer of $(MAY_URL)", gate.Description);
        Assert.Equal(["MAY_URL", "MAY_KEY"], gate.Variables);
        Assert.Equal(["MAY_URL", "MAY_KEY"], new PromotionEnvironment("prod") { Gates = [gate] }.DeploymentVariables);
    }

    [Theory]
    [InlineData(null, "does not hold: cannot be evaluated: answer of $(MAY_URL) needs the variable MAY_URL, which is not set")]
    [InlineData(
        "http://example.com/hidden",
        "does not hold: cannot be evaluated: answer of $(MAY_URL) uses $(MAY_URL), whose value is not an https address")]
    public async Task A_variable_that_is_missing_or_unusable_does_not_hold(string? value, string finding)
    {
        var planned = await EvaluateAsync(
            Gate.Http("$(MAY_URL)"), evaluator: new HttpEvaluator { Variable = name => name == "MAY_URL" ? value : null });

        Assert.Equal((null, finding), (planned.Verdict, planned.Finding));
    }

    public static TheoryData<string> HostileTexts => [.. HostileText.Values.Keys];

    [Theory, MemberData(nameof(HostileTexts))]
    public async Task Hostile_text_cannot_act(string name)
    {
        foreach (var holds in (string[])["true", "false"])
        {
            await using var server = await LoopbackServer.StartAsync(new LoopbackResponse(
                200, $$"""{"holds":{{holds}},"reason":{{JsonSerializer.Serialize(HostileText.Values[name])}}}"""));

            Assert.Null(HostileText.FindFault((await EvaluateAsync(Gate.Http(server.Address + "may"))).Finding!, lines: 0));
        }
    }

    [Fact]
    public async Task A_stopped_promotion_stops_the_question()
    {
        using var fixture = await GateFixture.CreateAsync();
        using var stop = new CancellationTokenSource();
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => fixture.EvaluateAsync(Gate.Http(server.Address + "may"), stop.Token));
    }

    private static async Task<PlannedGate> EvaluateAsync(Gate gate, GateFixture? fixture = null, HttpEvaluator? evaluator = null)
    {
        using var own = fixture is null ? await GateFixture.CreateAsync() : null;
        var evaluators = new GateEvaluators(evaluator is null ? [] : [evaluator]);
        return Assert.Single(await evaluators.EvaluateAsync(
            (fixture ?? own!).Context(gate), new SkippedChecks(reason: null), CancellationToken.None));
    }
}
