using Nuke.Common.CI.AzurePipelines;
using Nuke.Common.Tooling;
using Nuke.Common.Tools.DotNet;

namespace Compat.Tests;

public class ToolTests
{
    [Fact]
    public void Options_become_a_command_line_in_the_order_in_which_they_were_set()
    {
        var options = new DotNetBuildSettings()
            .SetConfiguration("Release")
            .SetProjectFile("/a folder/App.sln")
            .EnableNoRestore()
            .DisableNoLogo()
            .SetSelfContained(false)
            .SetVerbosity(DotNetVerbosity.minimal)
            .AddLoggers("one", "two")
            .SetVersion("1.2.3")
            .EnableContinuousIntegrationBuild()
            .AddProcessAdditionalArguments("-m:1")
            .SetConfiguration("Debug");

        Assert.Equal(
            "build \"/a folder/App.sln\" --configuration Debug --no-restore --self-contained false --verbosity minimal " +
            "/logger:one /logger:two --property:Version=1.2.3 --property:ContinuousIntegrationBuild=true -m:1",
            CommandLine(options));
    }

    [Fact]
    public void Application_arguments_and_run_settings_come_last()
    {
        Assert.Equal(
            "run --project App --configuration Debug -- --port 80",
            CommandLine(new DotNetRunSettings().SetProjectFile("App").AddApplicationArguments("--port", "80").SetConfiguration("Debug")));
        Assert.Equal(
            "test --no-build -- A=1 B=\"x y\"",
            CommandLine(new DotNetTestSettings().SetRunSetting("A", 1).SetRunSetting("B", "x y").EnableNoBuild()));
    }

    [Fact]
    public void Options_that_are_reset_or_empty_are_left_out()
        => Assert.Equal(
            "test",
            CommandLine(
                new DotNetTestSettings().SetVerbosity(DotNetVerbosity.quiet).ResetVerbosity().SetFilter("").SetConfiguration(null)));

    [Fact]
    public void A_change_makes_new_options()
    {
        var before = new DotNetPublishSettings().SetProject("App");
        var after = before.SetRuntime("linux-x64").SetProperty("A", 1);

        Assert.Null(before.Runtime);
        Assert.Null(before.Properties);
        Assert.Equal("publish App --runtime linux-x64 --property:A=1", CommandLine(after));
    }

    [Fact]
    public void Options_can_be_combined_and_applied()
    {
        Configure<DotNetPublishSettings, string> runtime = (options, value) => options.SetRuntime(value);
        var all = new DotNetPublishSettings()
            .Apply(options => options.SetProject("App"))
            .CombineWith(["linux-x64", "linux-arm64"], (options, value) => options.Apply(runtime, value))
            .When(options => options.Runtime == "linux-arm64", options => options.EnableNoRestore());

        Assert.Equal(
            ["publish App --runtime linux-x64", "publish App --runtime linux-arm64 --no-restore"],
            all.Select(CommandLine));
    }

    [Fact]
    public void Environment_variables_are_added_to_those_of_this_process()
    {
        var options = new DotNetTestSettings().SetProcessEnvironmentVariable("GANTRY_A", 1);
        Assert.Equal("1", options.ProcessEnvironmentVariables["GANTRY_A"]);
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), options.ProcessEnvironmentVariables["PATH"]);
        Assert.False(options.RemoveProcessEnvironmentVariable("GANTRY_A").ProcessEnvironmentVariables.ContainsKey("GANTRY_A"));
    }

    [Fact]
    public void The_output_of_a_process_is_returned()
    {
        var output = DotNetTasks.DotNet($"--version", logOutput: false, logInvocation: false);
        Assert.StartsWith("10.", output.StdToText());
    }

    [Fact]
    public void A_failed_process_is_reported_with_exit_code_and_command()
    {
        var exception = Assert.Throws<ProcessException>(
            () => DotNetTasks.DotNet($"no-such-command {"with spaces"} {"s3cret":r}", logOutput: false, logInvocation: false));

        Assert.Equal(1, exception.ExitCode);
        Assert.StartsWith("Process 'dotnet' exited with code 1.", exception.Message);
        Assert.Contains("no-such-command \"with spaces\" [REDACTED]", exception.Message);
        Assert.DoesNotContain("s3cret", exception.Message);
    }

    [Fact]
    public void A_failure_can_be_left_to_the_caller()
    {
        var output = DotNetTasks.DotNetRun(options => options
            .SetProjectFile("/no/such/project")
            .DisableProcessExitHandling()
            .DisableProcessOutputLogging()
            .DisableProcessInvocationLogging());
        Assert.NotEmpty(output);
    }

    [Fact]
    public void An_exit_handler_gets_the_options_and_the_exit_code()
    {
        var ended = new List<(string ProjectFile, bool Failed)>();

        DotNetTasks.DotNetRun(options => options
            .SetProjectFile("/no/such/project")
            .SetProcessExitHandler((own, process) => ended.Add((own.ProjectFile, process.ExitCode != 0)))
            .DisableProcessOutputLogging()
            .DisableProcessInvocationLogging());

        Assert.Equal([("/no/such/project", true)], ended);
    }

    [Fact]
    public void Several_runs_are_completed_before_the_first_failure_is_thrown()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        CombinatorialConfigure<DotNetTestSettings> configurator = options => options
            .DisableProcessOutputLogging()
            .CombineWith(["a", "b", "c"], (each, value) => each.SetProjectFile(value));

        var exception = Assert.Throws<AggregateException>(() => configurator.Invoke(
            options =>
            {
                seen.Add(options.ProjectFile);
                return options.ProjectFile == "b" ? [] : throw new InvalidOperationException(options.ProjectFile);
            },
            degreeOfParallelism: 2,
            completeOnFailure: true));

        Assert.Equal(["a", "b", "c"], seen.Order());
        Assert.Equal(["a", "c"], exception.InnerExceptions.Select(x => x.Message).Order());
    }

    [Fact]
    public void Several_runs_return_in_the_order_of_their_options()
    {
        CombinatorialConfigure<DotNetTestSettings> configurator = options => options
            .DisableProcessOutputLogging()
            .CombineWith(Enumerable.Range(1, 20), (each, value) => each.SetProjectFile($"{value}"));

        var runs = configurator.Invoke(_ => [], degreeOfParallelism: 4, completeOnFailure: false);

        Assert.Equal(Enumerable.Range(1, 20).Select(x => $"{x}"), runs.Select(x => x.Options.ProjectFile));
    }

    [Fact]
    public void Values_in_agent_commands_are_escaped()
    {
        var written = new List<string>();
        var host = new AzurePipelines(written.Add);

        host.SetVariable("name]", "a\nb", isSecret: true, isOutput: true);
        host.AddBuildTag("1.2.3");
        host.LogWarning("look; here", sourcePath: "a;b.cs", lineNumber: "3");
        host.PublishTestResults("Tests", AzurePipelinesTestResultsType.VSTest, ["a.trx", "b.trx"], mergeResults: true);
        host.UploadArtifacts("drop", "release", "/artifacts");

        Assert.Equal(
            [
                "##vso[task.setvariable variable=name%5D;issecret=True;isoutput=True]a%0Ab",
                "##vso[build.addbuildtag ]1.2.3",
                "##vso[task.logissue type=warning;sourcepath=a%3Bb.cs;linenumber=3]look; here",
                "##vso[results.publish type=VSTest;resultFiles=a.trx,b.trx;mergeResults=True;runTitle='Tests']",
                "##vso[artifact.upload containerfolder=drop;artifactname=release]/artifacts"
            ],
            written);
    }

    private static string CommandLine(ToolOptions options) => string.Join(' ', options.GetArguments());
}
