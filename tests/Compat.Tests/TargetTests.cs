namespace Compat.Tests;

public sealed class TargetTests : IDisposable
{
    private readonly SampleBuild _build = new();

    public void Dispose() => _build.Dispose();

    [Theory]
    [InlineData("compile, default")]
    [InlineData("first, second, for third, third", "Third")]
    [InlineData("first, second, for third, third", "third")]
    [InlineData("first, second, for third, third", "--target", "Third")]
    [InlineData("first, second, after second", "AfterSecond", "Second")]
    [InlineData("first, second, after second", "AfterSecond+Second")]
    [InlineData("first, after second", "Collective")]
    [InlineData("before first, first", "First", "BeforeFirst")]
    [InlineData("before first", "before-first")]
    [InlineData("triggering, first, triggered", "Triggering")]
    [InlineData("compile, publish to nowhere", "Publish")]
    public void Targets_are_executed_after_what_they_depend_on(string expected, params string[] arguments)
    {
        var run = _build.Run(arguments);
        Assert.Equal(0, run.ExitCode);
        // The order of two independent targets is undefined.
        Assert.Equal(expected.Split(", ").Order(), run.Logged.Order());
        AssertOrder(run.Logged, "before first", "first", "second", "third");
        AssertOrder(run.Logged, "second", "after second");
        AssertOrder(run.Logged, "for third", "third");
        AssertOrder(run.Logged, "first", "triggered");
        AssertOrder(run.Logged, "triggering", "triggered");
    }

    [Theory]
    [InlineData("second", "Second", "--skip", "First")]
    [InlineData("third", "Third", "--skip")]
    [InlineData("third", "Third", "--skip", "Second")]
    [InlineData("second, third", "Third", "Second", "--skip", "Second+First")]
    [InlineData("first, third", "Third", "First", "--skip", "second")]
    public void Skipped_targets_are_left_out_with_their_own_dependencies(string expected, params string[] arguments)
    {
        var run = _build.Run(arguments);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected.Split(", "), run.Logged.Where(x => x != "for third"));
    }

    [Fact]
    public void The_summary_says_why_a_target_was_skipped()
        => Assert.Equal(
            [
                "ForThird Succeeded", "First Skipped // Skipped: because of Second", "Second Skipped // Skipped: via parameter",
                "Third Succeeded",
            ],
            _build.Run("Third", "--skip", "Second").Summary.OrderBy(x => x.StartsWith("ForThird", StringComparison.Ordinal) ? 0 : 1));

    [Theory]
    [InlineData("", "Static")]
    [InlineData("first", "StaticButFirst")]
    [InlineData("first, static", "Static", "--flag")]
    [InlineData("first", "Dynamic")]
    [InlineData("first", "Dynamic", "--flag")]
    [InlineData("first, dynamic", "Dynamic", "--flag", "--number", "2")]
    [InlineData("first, after dynamic", "AfterDynamic")]
    public void Static_and_dynamic_conditions_skip_targets(string expected, params string[] arguments)
    {
        var run = _build.Run(arguments);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected.Split(", ", StringSplitOptions.RemoveEmptyEntries), run.Logged);
    }

    [Fact]
    public void The_summary_shows_the_condition_that_did_not_hold()
        => Assert.Equal(["First Succeeded", "Dynamic Skipped // OnlyWhen: Flag && Number > 1"], _build.Run("Dynamic").Summary);

    [Fact]
    public void A_condition_that_fails_ends_the_build()
    {
        var run = _build.Run("BrokenCondition");
        Assert.Equal(255, run.ExitCode);
        Assert.Contains(
            "Invocation of condition for BrokenCondition has thrown an exception\nSystem.InvalidOperationException: condition\n",
            run.Output);
    }

    [Fact]
    public void A_failure_ends_the_build_except_for_assured_targets()
    {
        var run = _build.Run("AfterFailure", "CleansUp");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(["first", "cleans up"], run.Logged);
        Assert.Equal(
            ["First Succeeded", "Fails Failed // InvalidOperationException: it failed", "CleansUp Succeeded", "AfterFailure NotRun"],
            run.Summary);
        Assert.Contains("[ERR] Target Fails has thrown an exception\nSystem.InvalidOperationException: it failed\n", run.Output);
        Assert.Contains("[ERR] Fails: Target Fails has thrown an exception\n", run.Output);
        Assert.Contains("Build failed on DATE.", run.Output);
    }

    [Fact]
    public void An_asynchronous_failure_is_a_failure()
    {
        var run = _build.Run("FailsLater");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(["FailsLater Failed // InvalidOperationException: it failed later"], run.Summary);
    }

    [Fact]
    public void A_build_can_proceed_after_a_failure_and_fails_in_the_end()
    {
        var run = _build.Run("Proceeds", "AfterProceeding");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(["after proceeding"], run.Logged);
    }

    [Fact]
    public void The_build_can_choose_its_exit_code() => Assert.Equal(3, _build.Run("OwnExitCode").ExitCode);

    [Fact]
    public void Continuing_skips_targets_that_succeeded_before()
    {
        Assert.Equal(255, _build.Run("Interrupted").ExitCode);
        _build.Write("repaired.txt", "");

        var run = _build.Run("Interrupted", "--continue");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["First Skipped", "Interrupted Succeeded"], run.Summary);
    }

    [Fact]
    public void Continuing_something_else_starts_over()
    {
        Assert.Equal(255, _build.Run("Interrupted").ExitCode);

        var run = _build.Run("Second", "--continue");

        Assert.Equal(["first", "second"], run.Logged);
        Assert.Contains("Build invocation changed.", run.Output);
    }

    [Fact]
    public void A_target_knows_the_state_of_the_build()
        => Assert.Equal(
            "invoked=ShowsBuild succeeded=First running=ShowsBuild server=False failing=False", _build.Run("ShowsBuild").Logged[^1]);

    [Fact]
    public void A_target_can_report_to_the_summary()
        => Assert.Equal(["Reports Succeeded // Digest: sha256:abc, Layers: 3"], _build.Run("Reports").Summary);

    [Fact]
    public void Events_come_in_the_order_of_the_build()
    {
        var run = _build.RunWith(new() { ["SAMPLE_EVENTS"] = "1" }, "Fails", "Dynamic", "--skip", "Nothing");
        Assert.Equal("created", run.Events[0]);
        Assert.Equal("initialized", run.Events[1]);
        Assert.Equal("finished", run.Events[^1]);
        AssertOrder(run.Events, "running First", "succeeded First", "running Fails", "failed Fails");
        Assert.Contains("finished: badly", run.Output);
    }

    [Theory]
    [InlineData("created")]
    [InlineData("initialized")]
    public void An_error_of_an_extension_ends_the_build_with_its_message_only(string when)
    {
        var run = _build.RunWith(new() { ["SAMPLE_FAILS_WHEN"] = when }, "First");
        Assert.Equal(255, run.ExitCode);
        Assert.Contains($"GAN7999: not {when}; do something else.\n", run.Output);
        Assert.DoesNotContain("InvalidOperationException", run.Output);
        Assert.Empty(run.Logged);
    }

    [Fact]
    public void An_extension_that_fails_at_the_end_fails_the_build()
    {
        var run = _build.RunWith(new() { ["SAMPLE_FAILS_WHEN"] = "finished" }, "First");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(["First Succeeded"], run.Summary);
        Assert.EndsWith("GAN7999: not finished; do something else.\n", run.Output);
    }

    [Fact]
    public void A_folder_without_a_root_is_reported()
    {
        Directory.Delete(_build.PathOf(".nuke"), recursive: true);
        var run = _build.Run("First");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(
            "Could not locate '.nuke' directory while walking up from '{Root}'; create one to mark the root directory, "
                + "or add '--root [path]' to the invocation.\n",
            run.Output);
    }

    [Fact]
    public void The_root_is_found_from_a_subfolder_or_given()
    {
        using var elsewhere = new SampleBuild();
        var run = elsewhere.Run("ShowParameters", "--root", _build.Root, "--folder", _build.PathOf("sub"));
        Assert.Contains("Folder=sub", run.Logged);
    }

    private static void AssertOrder(IReadOnlyList<string> actual, params string[] expected)
    {
        var there = actual.Where(expected.Contains).ToList();
        Assert.Equal(expected.Where(there.Contains), there);
    }
}
