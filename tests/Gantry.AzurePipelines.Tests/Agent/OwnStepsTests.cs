using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;
using Gantry.PipelineAgent;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>Steps of a team's own and pipelines of targets, run as an agent runs them.</summary>
public class OwnStepsTests
{
    private static readonly PromotionEnvironment Dev = new("dev");

    private static readonly PipelineDeclaration Declared = new()
    {
        Images = [new("app")],
        Environments = [new(Dev), new(new PromotionEnvironment("test") { After = Dev })],
        Tools = new() { InstallSdk = false, NuGetCacheKeys = [] },
    };

    private static readonly TargetPipeline Packages = Samples.Packages with
    {
        Tools = new() { InstallSdk = false, NuGetCacheKeys = [] },
        Stages = [.. Samples.Packages.Stages.Select(stage => stage with { StepsBefore = [], OnFailure = [Step.Script("echo failed >> $STORY_FILE")] })],
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Own_steps_run_around_those_of_the_build_with_their_secrets(bool inTemplates)
    {
        using var scene = await Scene.CreateAsync((Declared with { UseTemplates = inTemplates })
            .WithStage("Build", build => build with
            {
                StepsBefore = [Own("before") with { Secrets = ["NpmToken"] }],
                StepsAfter = [Own("scan $(ls artifacts/images)")],
                OnFailure = [Own("never")],
                Variables = [new("Flavour", "lemon")],
                Jobs =
                [
                    new("Tell")
                    {
                        DependsOn = ["Build"],
                        Variables = [new("told", "$[ dependencies.Build.outputs['release.version'] ]")],
                        Steps = [Own("tell $(told) $FLAVOUR")],
                    },
                ],
            })
            .WithStage("PromoteTest", test => test with { StepsAfter = [Own("smoke")] }));
        scene.Secrets["NpmToken"] = "very-secret";

        var run = await scene.RunAsync(new RunRequest());

        Assert.Equal("Build=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded", run.ToString());
        Assert.Equal(
            ["own before key=yes", "PublishImages", "BuildImage", "own scan app key=", "PushBase", "own tell 1.0.2 lemon key=", "PromoteDev", "PromoteTest", "own smoke key="],
            scene.Story.Select(line => line.StartsWith("own", StringComparison.Ordinal) ? line : line.Split(' ')[1]));
        Assert.DoesNotContain(scene.Log, line => line.Contains("very-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scan_that_fails_keeps_the_image_from_being_published()
    {
        using var scene = await Scene.CreateAsync(Declared.WithStage("Build", build => build with
        {
            StepsAfter = [Step.Script("exit 1")],
            OnFailure = [Own("clean up")],
        }));
        var run = await scene.RunAsync(new RunRequest());
        Assert.Equal("Build=Failed PromoteDev=Skipped PromoteTest=Skipped", run.ToString());
        Assert.Equal("own clean up key=", scene.Story[^1]);
        Assert.DoesNotContain(scene.Story, line => line.Contains("PushBase", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Artifacts_of_own_steps_reach_own_steps()
    {
        using var scene = await Scene.CreateAsync(Declared
            .WithStage("Build", build => build with { StepsAfter = [Step.Script("mkdir notes; echo fine > notes/n.txt"), Step.Publish("notes", "notes")] })
            .WithStage("PromoteDev", dev => dev with { StepsBefore = [Step.Download("notes"), Own("$(cat $(Pipeline.Workspace)/notes/n.txt)")] }));
        await scene.RunAsync(new RunRequest());
        Assert.Contains("own fine key=", scene.Story);
    }

    [Fact]
    public async Task A_pipeline_of_targets_hands_artifacts_on_and_waits_for_approval()
    {
        var host = new ScriptedHost();
        using var scene = await Scene.CreateAsync(PipelineGenerator.Generate(Packages));
        scene.Host = host;
        scene.Secrets["NuGetApiKey"] = "very-secret";

        var run = await scene.RunAsync(Tag);

        Assert.Equal("Pack=Succeeded Push=Succeeded Mirror=Succeeded", run.ToString());
        Assert.Equal(["Pack VerifyPackages skip=false az=", "PushPackages skip=true az=", "MirrorPackages skip=false az=contoso-base"], scene.Story.Select(Shorten));
        Assert.Equal(["check nuget for Push"], host.Asked);
        Assert.Equal("2 with a key\n", await File.ReadAllTextAsync(Path.Combine(scene.Registry("Feed"), "app.nupkg")));
    }

    [Theory]
    [InlineData(Answer.Rejected, Outcome.Failed)]
    [InlineData(Answer.TimedOut, Outcome.Skipped)]
    public async Task Without_approval_nothing_is_pushed(Answer answer, Outcome outcome)
    {
        using var scene = await Scene.CreateAsync(PipelineGenerator.Generate(Packages));
        scene.Host = new ScriptedHost().Answering("nuget", answer);
        var run = await scene.RunAsync(Tag);
        Assert.Equal($"Pack=Succeeded Push={outcome} Mirror=Succeeded", run.ToString());
        Assert.DoesNotContain(scene.Story, line => line.Contains("PushPackages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_failure_the_steps_for_it_run()
    {
        var broken = Packages with { Stages = [.. Packages.Stages.Select(stage => stage with { StepsBefore = stage.Name == "Push" ? [Step.Script("exit 1")] : [] })] };
        using var scene = await Scene.CreateAsync(PipelineGenerator.Generate(broken));
        var run = await scene.RunAsync(Tag);
        Assert.Equal(Outcome.Failed, run.Stages["Push"].Outcome);
        Assert.Single(scene.Story, "failed");
    }

    private static RunRequest Tag => new() { File = "azure-pipelines.packages.yml", Branch = "refs/tags/v1.0.0" };

    private static Step Own(string text) => Step.Script($"echo \"own {text} key=${{NpmToken:+yes}}\" >> $STORY_FILE");

    private static string Shorten(string line)
    {
        var words = line.Split(' ');
        return string.Join(' ', words.Skip(1).TakeWhile(word => !word.StartsWith("base=", StringComparison.Ordinal)).Append(words.Single(word => word.StartsWith("az=", StringComparison.Ordinal))));
    }
}
