using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Environments;
using Gantry.PipelineAgent;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>Own steps and pipelines of targets, run like by an agent.</summary>
public class OwnStepsTests
{
    private static readonly PromotionEnvironment Dev = new("dev");

    private static readonly PipelineDeclaration Declared = new()
    {
        Images = [new("app")],
        Environments = [new(Dev), new(new PromotionEnvironment("test") { After = Dev })],
        Tools = new() { InstallSdk = false, NuGetCacheKeys = [] },
    };

    private static readonly TargetPipeline Packages = SampleDeclarations.Packages with
    {
        Tools = new() { InstallSdk = false, NuGetCacheKeys = [] },
        Stages =
        [
            .. SampleDeclarations.Packages.Stages.Select(stage =>
                stage with { StepsBefore = [], OnFailure = [Step.Script("echo failed >> $STORY_FILE")] }),
        ],
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Own_steps_run_around_those_of_the_build_with_their_secrets(bool inTemplates)
    {
        using var fixture = await PipelineFixture.CreateAsync((Declared with { UseTemplates = inTemplates })
            .WithStage("Build", build => build with
            {
                StepsBefore = [Own("before") with { Secrets = ["NpmToken"] }],
                StepsAfter = [Own("scan $(ls artifacts/images)")],
                OnFailure = [Own("never")],
            })
            .WithStage("Publish", publish => publish with
            {
                Variables = [new("Flavour", "lemon")],
                Jobs =
                [
                    new("Tell")
                    {
                        DependsOn = ["Publish"],
                        Variables = [new("told", "$[ dependencies.Publish.outputs['release.version'] ]")],
                        Steps = [Own("tell $(told) $FLAVOUR")],
                    },
                ],
            })
            .WithStage("PromoteTest", test => test with { StepsAfter = [Own("smoke")] }));
        fixture.Secrets["NpmToken"] = "very-secret";

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal("Build=Succeeded Publish=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded", run.ToString());
        Assert.Equal(
            [
                "own before key=yes", "PublishImages", "BuildImage", "own scan app key=", "PushBase", "own tell 1.0.2 lemon key=",
                "PromoteDev", "PromoteTest", "own smoke key=",
            ],
            fixture.BuildCalls.Select(line => line.StartsWith("own", StringComparison.Ordinal) ? line : line.Split(' ')[1]));
        Assert.DoesNotContain(fixture.Log, line => line.Contains("very-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_scan_prevents_the_publication()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared.WithStage("Build", build => build with
        {
            StepsAfter = [Step.Script("exit 1")],
            OnFailure = [Own("clean up")],
        }));
        var run = await fixture.RunAsync(new RunRequest());
        Assert.Equal("Build=Failed Publish=Skipped PromoteDev=Skipped PromoteTest=Skipped", run.ToString());
        Assert.Equal("own clean up key=", fixture.BuildCalls[^1]);
        Assert.DoesNotContain(fixture.BuildCalls, line => line.Contains("PushBase", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Artifacts_of_own_steps_are_downloaded_by_own_steps()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared
            .WithStage(
                "Build",
                build => build with { StepsAfter = [Step.Script("mkdir notes; echo fine > notes/n.txt"), Step.Publish("notes", "notes")] })
            .WithStage(
                "PromoteDev", dev => dev with { StepsBefore = [Step.Download("notes"), Own("$(cat $(Pipeline.Workspace)/notes/n.txt)")] }));
        await fixture.RunAsync(new RunRequest());
        Assert.Contains("own fine key=", fixture.BuildCalls);
    }

    // The step fails until it was tried often enough.
    [Theory]
    [InlineData(0, Outcome.Failed)]
    [InlineData(1, Outcome.Failed)]
    [InlineData(2, Outcome.Succeeded)]
    public async Task A_step_is_tried_again_as_often_as_it_says(int retries, Outcome outcome)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared.WithStage("Build", build => build with
        {
            StepsBefore =
            [
                Step.Script("echo >> tries; [ $(wc -l < tries) = 3 ]") with { RetryCountOnTaskFailure = retries == 0 ? null : retries },
            ],
        }));
        var run = await fixture.RunAsync(new RunRequest());
        Assert.Equal(outcome, run.Stages["Build"].Outcome);
    }

    [Fact]
    public async Task A_pipeline_of_targets_passes_artifacts_on_and_waits_for_approval()
    {
        var host = new ScriptedDecisions();
        using var fixture = await PipelineFixture.CreateAsync(PipelineGenerator.Generate(Packages));
        fixture.Decisions = host;
        fixture.Secrets["NuGetApiKey"] = "very-secret";

        var run = await fixture.RunAsync(Tag);

        Assert.Equal("Pack=Succeeded Push=Succeeded Mirror=Succeeded", run.ToString());
        Assert.Equal(
            ["Pack VerifyPackages skip=false az=", "PushPackages skip=true az=", "MirrorPackages skip=false az=contoso-base"],
            fixture.BuildCalls.Select(Shorten));
        Assert.Equal(["check nuget for Push"], host.Questions);
        Assert.Equal("2 with a key\n", await File.ReadAllTextAsync(Path.Combine(fixture.Registry("Feed"), "app.nupkg")));
    }

    [Theory]
    [InlineData(Decision.Rejected, Outcome.Failed)]
    [InlineData(Decision.TimedOut, Outcome.Skipped)]
    public async Task Without_approval_nothing_is_pushed(Decision answer, Outcome outcome)
    {
        using var fixture = await PipelineFixture.CreateAsync(PipelineGenerator.Generate(Packages));
        fixture.Decisions = new ScriptedDecisions().Answering("nuget", answer);
        var run = await fixture.RunAsync(Tag);
        Assert.Equal($"Pack=Succeeded Push={outcome} Mirror=Succeeded", run.ToString());
        Assert.DoesNotContain(fixture.BuildCalls, line => line.Contains("PushPackages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failure_steps_run_after_a_failure()
    {
        var broken = Packages with
        {
            Stages = [.. Packages.Stages.Select(stage => stage with { StepsBefore = stage.Name == "Push" ? [Step.Script("exit 1")] : [] })],
        };
        using var fixture = await PipelineFixture.CreateAsync(PipelineGenerator.Generate(broken));
        var run = await fixture.RunAsync(Tag);
        Assert.Equal(Outcome.Failed, run.Stages["Push"].Outcome);
        Assert.Single(fixture.BuildCalls, "failed");
    }

    private static RunRequest Tag => new() { File = "azure-pipelines.packages.yml", Branch = "refs/tags/v1.0.0" };

    private static Step Own(string text) => Step.Script($"echo \"own {text} key=${{NpmToken:+yes}}\" >> $STORY_FILE");

    private static string Shorten(string line)
    {
        var words = line.Split(' ');
        return string.Join(
            ' ',
            words
                .Skip(1)
                .TakeWhile(word => !word.StartsWith("base=", StringComparison.Ordinal))
                .Append(words.Single(word => word.StartsWith("az=", StringComparison.Ordinal))));
    }
}
