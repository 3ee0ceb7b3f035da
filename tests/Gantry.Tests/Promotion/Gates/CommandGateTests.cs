using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Testing;

namespace Gantry.Tests.Promotion.Gates;

public sealed class CommandGateTests
{
    private static readonly Dictionary<string, (string Script, GateVerdict? Verdict, string Finding)> s_scripts = new()
    {
        ["one line"] = ("echo CHG-7 is approved", GateVerdict.Held, "CHG-7 is approved"),
        ["one line, and remarks"] = ("echo approved; echo a remark >&2", GateVerdict.Held, "approved"),
        ["no line"] = ("true", null, "does not hold: it ended with code 0, and wrote 0 lines instead of one"),
        ["blank lines"] = ("echo; echo ' '", null, "does not hold: it ended with code 0, and wrote 0 lines instead of one"),
        ["only an error"] = ("echo approved >&2", null, "does not hold: it ended with code 0, and wrote 0 lines instead of one"),
        ["two lines"] = ("echo approved; echo not really", null, "does not hold: it ended with code 0, and wrote 2 lines instead of one"),
        ["another code"] = ("echo approved; exit 3", null, "does not hold: approved (code 3)"),
        ["another code, and a reason"] = ("echo approved; echo CHG-7 is open. >&2; exit 1", null, "does not hold: CHG-7 is open (code 1)"),
        ["another code, and nothing"] = ("exit 1", null, "does not hold: it ended with code 1 (code 1)"),
        ["a signal"] = ("echo approved; kill -9 $$", null, "does not hold: approved (code 137)"),
    };

    public static TheoryData<string> Scripts => [.. s_scripts.Keys];

    [UnixTheory, MemberData(nameof(Scripts))]
    public async Task Only_success_with_one_line_holds(string name)
    {
        var (script, verdict, finding) = s_scripts[name];
        using var fixture = await GateFixture.CreateAsync();
        fixture.Root.WriteScript("check.sh", script);

        await fixture.AssertAsync(Gate.Command("./check.sh"), verdict, finding);
    }

    [UnixFact]
    public async Task The_program_gets_the_release_and_its_arguments_as_they_are()
    {
        using var fixture = await GateFixture.CreateAsync("app", "worker");
        fixture.Root.WriteScript(
            "tools/check.sh", "echo \"$GANTRY_RELEASE|$GANTRY_ENVIRONMENT|${GANTRY_BRANCH-none}|$(echo \"$GANTRY_DIGESTS\" | tr '\\n' ' ')"
                + "|$#|$1|$2|$(pwd)\"");

        var gate = await fixture.EvaluateAsync(Gate.Command("tools/check.sh", "a b", "$(touch x); *"));

        var digests = string.Join(' ', fixture.Release.Images.Select(image => $"{image.Name}@{image.Digest}"));
        Assert.Equal(
            (GateVerdict.Held, $"1.0.0|prod|none|{digests} |2|a b|$(touch x); *|{fixture.Root.Path}"), (gate.Verdict, gate.Finding));
        Assert.False(File.Exists(fixture.Root.Combine("x")));
    }

    [Fact]
    public async Task A_program_that_is_not_there_does_not_hold()
    {
        using var fixture = await GateFixture.CreateAsync();

        await fixture.AssertAsync(
            Gate.Command("no-such-program-here"), null,
            "does not hold: cannot be evaluated: there is no 'no-such-program-here' on the PATH, which the gate "
                + "'command no-such-program-here' needs");
    }

    [UnixFact]
    public async Task A_program_that_takes_too_long_is_killed_with_what_it_started()
    {
        using var fixture = await GateFixture.CreateAsync();
        fixture.Root.WriteScript("check.sh", "echo approved; sleep 3600 & wait");

        // The program was started when the call returns.
        var evaluation = fixture.EvaluateAsync(Gate.Command("./check.sh") with { TimeLimit = TimeSpan.FromMinutes(2) });
        fixture.Time.Advance(TimeSpan.FromMinutes(2));
        var gate = await evaluation;

        Assert.Equal((null, "does not hold: it did not end within 2 minutes"), (gate.Verdict, gate.Finding));
    }

    [UnixFact]
    public async Task A_stopped_promotion_stops_the_program()
    {
        using var fixture = await GateFixture.CreateAsync();
        using var stop = new CancellationTokenSource();
        fixture.Root.WriteScript("check.sh", "echo approved; sleep 3600 & wait");

        var evaluation = fixture.EvaluateAsync(Gate.Command("./check.sh"), stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => evaluation);
    }

    public static TheoryData<string> HostileTexts => [.. HostileText.Values.Keys];

    [UnixTheory, MemberData(nameof(HostileTexts))]
    public async Task Hostile_text_cannot_act(string name)
    {
        using var fixture = await GateFixture.CreateAsync();
        fixture.Root.Write("text", System.Text.Encoding.UTF8.GetBytes(HostileText.Values[name]));
        foreach (var code in (int[])[0, 1])
        {
            fixture.Root.WriteScript("check.sh", $"cat text; exit {code}");

            Assert.Null(HostileText.FindFault((await fixture.EvaluateAsync(Gate.Command("./check.sh"))).Finding!, lines: 0));
        }
    }

    [UnixTheory, MemberData(nameof(HostileTexts))]
    public async Task A_hostile_branch_starts_the_program_all_the_same(string name)
    {
        using var fixture = await GateFixture.CreateAsync();
        fixture.Root.WriteScript("check.sh", "echo approved");
        var context = fixture.Context(Gate.Command("./check.sh"));
        var request = context.Request with { Release = fixture.Release with { Branch = HostileText.Values[name] } };

        var gate = Assert.Single(await new GateEvaluators([]).EvaluateAsync(
            new GateContext(request, context.Registries, context.Time) { Keys = context.Keys },
            new SkippedChecks(reason: null),
            CancellationToken.None));

        Assert.Equal("approved", gate.Finding);
    }
}
