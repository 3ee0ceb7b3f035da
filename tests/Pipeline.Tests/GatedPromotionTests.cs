using System.Diagnostics;
using Gantry.Promotion;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Gantry.Testing.Faults;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>Gates in the build: a prompt at a terminal, a refusal without one, and interruptions.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class GatedPromotionTests(RepositoryClone clone) : IAsyncLifetime
{
    private const string Interrupt = "\u0003";

    // Each test has its own registry, because the others promote, too.
    private readonly string _test = $"artifacts/gates/{Guid.NewGuid():n}";

    public Task InitializeAsync() => clone.PromoteDevAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [TerminalFact]
    public async Task At_a_terminal_nothing_is_written_before_the_answer_is_yes()
    {
        using (var terminal = TerminalSession.Start(clone, PromoteTest))
        {
            await terminal.WaitForAsync("Promote 1.2.0 to test? Type 'yes' to continue: ");
            Assert.Contains(@"Your answer alone replaces an approval of [Contoso]\QA.", terminal.Output, StringComparison.Ordinal);
            Assert.Contains("tag is new", terminal.Output, StringComparison.Ordinal);
            Assert.Contains(@"gate: approval by [Contoso]\QA: not checked here", terminal.Output, StringComparison.Ordinal);
            Assert.False(Directory.Exists(clone.PathOf(_test)));

            await terminal.TypeAsync("yes\n");
            Assert.True(await terminal.EndAsync() == 0, terminal.Output);
        }

        var gate = Assert.Single((await RecordAsync()).Gates);
        Assert.Equal(
            ("said yes at the terminal", $@"{System.Environment.UserName} alone, instead of an approval of [Contoso]\QA"),
            (gate.Reason, gate.Finding));

        // Nothing moves any more, so no confirmation is needed.
        using var again = TerminalSession.Start(clone, PromoteTest);
        Assert.True(await again.EndAsync() == 0, again.Output);
        Assert.Contains("Nothing moves", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Type 'yes'", again.Output, StringComparison.Ordinal);
    }

    [TerminalTheory]
    [InlineData("why not")]
    [InlineData("y")]
    [InlineData("YES")]
    [InlineData("yes please")]
    public async Task Any_other_answer_refuses_the_promotion(string answer)
    {
        using var terminal = TerminalSession.Start(clone, PromoteTest);
        await terminal.WaitForAsync("Type 'yes' to continue: ");

        await terminal.TypeAsync(answer + "\n");

        Assert.Equal(9, await terminal.EndAsync());
        AssertRefused(terminal.Output, "GAN5006: the release '1.2.0' was not approved for test");
        Assert.False(Directory.Exists(clone.PathOf(_test)));
    }

    [TerminalFact]
    public async Task An_interruption_at_the_prompt_writes_nothing()
    {
        using var terminal = TerminalSession.Start(clone, PromoteTest);
        await terminal.WaitForAsync("Type 'yes' to continue: ");

        await terminal.TypeAsync(Interrupt);

        Assert.NotEqual(0, await terminal.EndAsync());
        Assert.Contains("GAN7020: the build was interrupted; run it again", terminal.Output, StringComparison.Ordinal);
        Assert.Equal(1, terminal.Output.Split("Build interrupted.").Length - 1);
        Assert.Matches(@"\nPromoteTest +Interrupted ", terminal.Output);
        Assert.DoesNotContain("   at ", terminal.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clone.PathOf(_test)));
    }

    [Fact]
    public async Task Without_a_terminal_a_reason_on_the_command_line_is_required()
    {
        var refused = await clone.BuildAsync(PromoteTest);
        Assert.Equal(9, refused.ExitCode);
        AssertRefused(
            refused.Output,
            "GAN5005: the release '1.2.0' has to pass the gates of test, and there is no terminal to ask at; "
                + "say why it may pass with --approve");
        Assert.False(Directory.Exists(clone.PathOf(_test)));

        var approved = await clone.BuildAsync([.. PromoteTest, "--approve", "tested by hand"]);
        Assert.True(approved.ExitCode == 0, approved.Output);
        Assert.Equal("tested by hand", Assert.Single((await RecordAsync()).Gates).Reason);
    }

    [Fact]
    public async Task A_soak_time_is_read_from_the_previous_environment_and_an_override_is_recorded()
    {
        Assert.Equal(0, (await clone.BuildAsync([.. PromoteTest, "--approve", "tested"])).ExitCode);
        string[] toProd =
            ["PromoteProd", "--skip", "--test-registry", "oci:" + _test, "--prod-registry", $"oci:{_test}-prod", "--approve", "tested"];

        var refused = await clone.BuildAsync(toProd);
        Assert.Equal(9, refused.ExitCode);
        Assert.Matches(
            @"GAN5002: the release '1\.2\.0' cannot go to prod yet: it has been in test since \S+ \S+ UTC, and its soak time of 1 day ends at",
            refused.Output);
        Assert.False(Directory.Exists(clone.PathOf(_test + "-prod")));

        var emergency = await clone.BuildAsync([.. toProd, "--override-soak", "the shop is down"]);
        Assert.True(emergency.ExitCode == 0, emergency.Output);
        Assert.Contains(
            "GAN5007: the release '1.2.0' overrides the gate 'soak time of 1 day' of prod: the shop is down",
            emergency.Output,
            StringComparison.Ordinal);

        var shown = await clone.BuildAsync("ShowEnvironments", "--test-registry", "oci:" + _test, "--prod-registry", $"oci:{_test}-prod");
        Assert.True(shown.ExitCode == 0, shown.Output);
        var by = System.Environment.UserName;
        foreach (var (environment, signed) in new[] { ("dev", "yes"), ("test", "yes"), ("prod", "yes, bypass") })
            Assert.Matches(
                $@"\b{environment}\s+1\.2\.0\s+\S+ \S+ UTC \(.+\)\s+{by}\s.*\s{signed}\s.*\sapp sha256:[0-9a-f]{{12}}", shown.Output);
    }

    [UnixFact]
    public async Task An_interrupted_promotion_leaves_no_tag_and_the_next_run_completes_it()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var reached = new TaskCompletionSource();
        registry.FailAlways("PUT", "/blobs/uploads/", fault =>
        {
            reached.TrySetResult();
            return Task.Delay(Timeout.Infinite, fault.Http.RequestAborted);
        });
        string[] arguments = ["PromoteDev", "--skip", "--dev-registry", registry.Host];

        var start = ChildProcess.StartInfo("env", ["--default-signal=INT", clone.PathOf("build.sh"), .. arguments]);
        start.WorkingDirectory = clone.Root;
        BuildProcess.ClearEnvironment(start);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = build.StandardError.ReadToEndAsync(patience.Token);
        await Task.WhenAny(reached.Task, build.WaitForExitAsync(patience.Token));

        (await ChildProcess.RunAsync("kill", ["-s", "INT", $"{build.Id}"])).EnsureSuccess();

        await build.WaitForExitAsync(patience.Token);
        Assert.Contains("GAN7020: the build was interrupted", await output + await errors, StringComparison.Ordinal);
        Assert.Equal(0, registry.Count("PUT", "/manifests/"));

        registry.Recover();
        var again = await clone.BuildAsync(arguments);
        Assert.True(again.ExitCode == 0, again.Output);
        Assert.Equal(1, registry.Count("PUT", "/manifests/1.2.0"));
    }

    private string[] PromoteTest => ["PromoteTest", "--skip", "--test-registry", "oci:" + _test];

    // The sentence is the last line, once, and nothing is said of exceptions.
    private static void AssertRefused(string output, string sentence)
    {
        Assert.Contains(sentence, output.ReplaceLineEndings("\n").TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Equal(2, output.Split(sentence).Length);
        Assert.DoesNotContain("exception", output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Build failed", output, StringComparison.Ordinal);
    }

    private Task<PromotionRecord> RecordAsync() => SignedRecords.ReadOnlyAsync(clone, _test);
}
