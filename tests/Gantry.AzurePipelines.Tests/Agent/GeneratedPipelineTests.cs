using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;
using Gantry.PipelineAgent;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>Generated pipelines, run as an agent runs them.</summary>
public class GeneratedPipelineTests
{
    private static readonly PromotionEnvironment Dev = new("dev");
    private static readonly PromotionEnvironment Test = new("test") { After = Dev, Gates = [Gate.Approval("qa@contoso.com")] };
    private static readonly PromotionEnvironment Prod = new("prod") { After = Test, Gates = [Gate.Approval("owner@contoso.com"), Gate.Soak(TimeSpan.FromHours(24)), Gate.ManualValidation("Look twice.")] };

    // The scene has no SDK to install and no packages to cache.
    private static readonly PipelineDeclaration Declared = new()
    {
        Images = [new("app")],
        Environments = [new(Dev) { ServiceConnection = "contoso-dev" }, new(Test), new(Prod)],
        Tools = new() { InstallSdk = false, NuGetCacheKeys = [] },
    };

    [Theory]
    [InlineData(ImageTransport.BaseRegistry, false)]
    [InlineData(ImageTransport.Artifact, false)]
    [InlineData(ImageTransport.Both, false)]
    [InlineData(ImageTransport.BaseRegistry, true)]
    public async Task Promotes_what_was_built_through_all_environments(ImageTransport transport, bool inTemplates)
    {
        var host = new ScriptedHost();
        using var scene = await Scene.CreateAsync(Declared with { Transport = transport, UseTemplates = inTemplates });
        scene.Host = host;

        var run = await scene.RunAsync(new RunRequest());

        Assert.Equal("Build=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Succeeded ValidateProd=Succeeded PromoteProd=Succeeded", run.ToString());
        Assert.All((string[])["Dev", "Test", "Prod"], name => Assert.Equal("2\n", File.ReadAllText(Path.Combine(scene.Registry(name), "app"))));
        Assert.Equal(transport != ImageTransport.Artifact, File.Exists(Path.Combine(scene.Registry("Base"), "app")));
        Assert.Equal(
            ["check dev for PromoteDev", "check test for PromoteTest", "wait 1.00:00:00", "validate in ValidateProd: Look twice.", "check prod for PromoteProd"],
            host.Asked);
        Assert.Equal("1.0.2", run.BuildNumber);
        Assert.Equal(["1.0.2"], run.BuildTags);
        Assert.Equal(["to Dev: 1.0.2\n", "to Test: 1.0.2\n", "to Prod: 1.0.2\n"], run.Summaries);
        Assert.Equal("1.0.2", run.Stages["Build"].Jobs["Build"].Outputs["release.version"]);
    }

    [Fact]
    public async Task Only_the_task_of_a_service_connection_has_its_identity()
    {
        using var scene = await Scene.CreateAsync(Declared with { Secrets = ["ApiKey"] });
        scene.Secrets["ApiKey"] = "very-secret";

        await scene.RunAsync(new RunRequest());

        Assert.Equal(["az= token= key=yes", "az= token= key=yes", "az= token= key=yes", "az=contoso-dev token=yes key=yes", "az= token= key=yes", "az= token= key=yes"], scene.Story.Select(call => call[call.IndexOf("az=", StringComparison.Ordinal)..]));
        Assert.DoesNotContain(scene.Log, line => line.Contains("very-secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Answer.Rejected, Outcome.Failed)]
    [InlineData(Answer.TimedOut, Outcome.Skipped)]
    public async Task An_approval_that_is_not_given_stops_before_the_environment(Answer answer, Outcome outcome)
    {
        using var scene = await Scene.CreateAsync(Declared);
        scene.Host = new ScriptedHost().Answering("prod", answer);

        var run = await scene.RunAsync(new RunRequest());

        Assert.Equal($"Build=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Succeeded ValidateProd=Succeeded PromoteProd={outcome}", run.ToString());
        Assert.False(File.Exists(Path.Combine(scene.Registry("Prod"), "app")));
    }

    [Theory]
    [InlineData(Answer.Rejected, Outcome.Failed)]
    [InlineData(Answer.TimedOut, Outcome.Skipped)]
    public async Task Nothing_follows_an_environment_that_was_not_reached(Answer answer, Outcome outcome)
    {
        using var scene = await Scene.CreateAsync(Declared);
        scene.Host = new ScriptedHost().Answering("test", answer);

        var run = await scene.RunAsync(new RunRequest());

        Assert.Equal($"Build=Succeeded PromoteDev=Succeeded PromoteTest={outcome} SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped", run.ToString());
        Assert.DoesNotContain(scene.Story, call => call.Contains("PromoteProd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_validation_that_is_refused_stops_before_the_environment()
    {
        using var scene = await Scene.CreateAsync(Declared);
        scene.Host = new ScriptedHost().Answering("ValidateProd", Answer.Rejected);

        var run = await scene.RunAsync(new RunRequest());

        Assert.Equal("ValidateProd=Failed PromoteProd=Skipped", string.Join(' ', run.ToString().Split(' ').TakeLast(2)));
    }

    [Fact]
    public async Task A_promotion_that_fails_stops_all_that_follow_and_tells_the_code()
    {
        using var scene = await Scene.CreateAsync(Declared);
        await File.WriteAllTextAsync(Path.Combine(scene.Registry("Test"), "refuse"), "");

        var run = await scene.RunAsync(new RunRequest());

        Assert.Equal("Build=Succeeded PromoteDev=Succeeded PromoteTest=Failed SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped", run.ToString());
        Assert.Equal(Outcome.Failed, run.Outcome);
        Assert.Equal(["error GAN4021 the tag moved"], run.Issues);
    }

    [Fact]
    public async Task Other_branches_are_built_and_published_but_not_promoted()
    {
        using var scene = await Scene.CreateAsync(Declared);
        var run = await scene.RunAsync(new RunRequest { Branch = "refs/heads/topic" });
        Assert.Equal("Build=Succeeded PromoteDev=Skipped PromoteTest=Skipped SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped", run.ToString());
        Assert.Contains(scene.Story, call => call.Contains("PushBase", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("refs/tags/v1.0.2", "Manual", Outcome.Succeeded)]
    [InlineData("refs/heads/topic", "Manual", Outcome.Skipped)]
    [InlineData("refs/heads/main", "Manual", Outcome.Skipped)]
    public async Task Where_only_tags_start_a_run_only_tags_are_promoted(string branch, string reason, Outcome outcome)
    {
        using var scene = await Scene.CreateAsync(Declared with { Triggers = new() { Branches = [], Tags = Filter.Only("v*") } });
        var run = await scene.RunAsync(new RunRequest { Branch = branch, Reason = reason });
        Assert.Equal(outcome, run.Stages["PromoteDev"].Outcome);
    }

    [Theory]
    [InlineData("*", Outcome.Succeeded)]
    [InlineData("top*", Outcome.Succeeded)]
    [InlineData("main", Outcome.Skipped)]
    public async Task Branches_that_start_nothing_are_promoted_when_they_are_named(string promoted, Outcome outcome)
    {
        using var scene = await Scene.CreateAsync(Declared with { Triggers = new() { Branches = [], PromotedBranches = [promoted] } });
        var run = await scene.RunAsync(new RunRequest { Branch = "refs/heads/topic", Reason = "Manual" });
        Assert.Equal(outcome, run.Stages["PromoteDev"].Outcome);
    }

    [Fact]
    public async Task Pull_requests_are_built_and_tested_and_publish_nothing()
    {
        using var scene = await Scene.CreateAsync(Declared);
        var run = await scene.RunAsync(new RunRequest { Branch = "refs/pull/7/merge", Reason = "PullRequest" });
        Assert.Equal(Outcome.Succeeded, run.Stages["Build"].Outcome);
        Assert.DoesNotContain(scene.Story, call => call.Contains("PushBase", StringComparison.Ordinal));
        Assert.Empty(Directory.GetDirectories(run.ArtifactFolder));
    }

    [Theory]
    [InlineData("none", "Build=Succeeded PromoteDev=Skipped PromoteTest=Skipped SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped")]
    [InlineData("test", "Build=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped")]
    public async Task A_run_by_hand_goes_as_far_as_was_chosen(string promoteTo, string stages)
    {
        using var scene = await Scene.CreateAsync(Declared);
        var run = await scene.RunAsync(new RunRequest { Parameters = new Dictionary<string, string> { ["promoteTo"] = promoteTo } });
        Assert.Equal(stages, run.ToString());
    }

    [Fact]
    public async Task Versions_are_counted_from_the_whole_history_and_promotions_do_without()
    {
        using var scene = await Scene.CreateAsync(Declared);
        await scene.CommitAsync("third");
        await scene.CommitAsync("fourth");
        var run = await scene.RunAsync(new RunRequest());
        Assert.Equal("1.0.4", run.BuildNumber);
    }

    [Theory]
    [InlineData("all", "FindRelease=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Succeeded ValidateProd=Succeeded PromoteProd=Succeeded")]
    [InlineData("dev", "FindRelease=Succeeded PromoteDev=Succeeded PromoteTest=Skipped SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped")]
    [InlineData("prod", "FindRelease=Succeeded PromoteDev=Skipped PromoteTest=Skipped SoakProd=Skipped ValidateProd=Succeeded PromoteProd=Succeeded")]
    public async Task The_release_pipeline_promotes_a_release_that_is_named(string environment, string stages)
    {
        using var scene = await ReleaseSceneAsync(ReleaseTrigger.Manual);
        var run = await scene.RunAsync(Release(("release", "1.4.2"), ("environment", environment)));
        Assert.Equal(stages, run.ToString());
        Assert.Equal("1.4.2 \n", await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release", "release.json")));
    }

    // Where no stage says that the release is in the environment before, the promotion has to look.
    [Theory]
    [InlineData("all", false, "PromoteDev previous=, PromoteTest previous=false, PromoteProd previous=false")]
    [InlineData("all", true, "PromoteDev previous=, PromoteTest previous=false, PromoteProd previous=false")]
    [InlineData("dev", false, "PromoteDev previous=")]
    [InlineData("prod", false, "PromoteProd previous=true")]
    [InlineData("prod", true, "PromoteProd previous=true")]
    public async Task To_one_environment_alone_the_promotion_looks_whether_the_release_is_in_the_one_before(string environment, bool inTemplates, string calls)
    {
        using var scene = await PrepareAsync(Declared with { ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual }, UseTemplates = inTemplates });
        await scene.RunAsync(Release(("release", "1.4.2"), ("environment", environment)));
        var promotions = scene.Story.Select(call => call.Split(' ')).Where(call => call[1].StartsWith("Promote", StringComparison.Ordinal));
        Assert.Equal(calls, string.Join(", ", promotions.Select(call => $"{call[1]} {call.Single(word => word.StartsWith("previous=", StringComparison.Ordinal))}")));
    }

    [Theory]
    [InlineData(Answer.Rejected, Outcome.Failed)]
    [InlineData(Answer.TimedOut, Outcome.Skipped)]
    public async Task In_the_release_pipeline_too_nothing_follows_an_environment_that_was_not_reached(Answer answer, Outcome outcome)
    {
        using var scene = await ReleaseSceneAsync(ReleaseTrigger.Manual);
        scene.Host = new ScriptedHost().Answering("test", answer);
        var run = await scene.RunAsync(Release(("release", "1.4.2")));
        Assert.Equal($"FindRelease=Succeeded PromoteDev=Succeeded PromoteTest={outcome} SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped", run.ToString());
    }

    [Fact]
    public async Task A_pushed_image_is_promoted_by_its_digest()
    {
        using var scene = await ReleaseSceneAsync(ReleaseTrigger.ImagePush);
        var pushed = Release() with { Containers = new Dictionary<string, string> { ["image.tag"] = "1.5.0", ["image.digest"] = "sha256:abc" } };

        var agent = scene.Agent();
        var run = await scene.RunAsync(pushed, agent);
        Assert.Equal("1.5.0 sha256:abc\n", await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release", "release.json")));
        Assert.Equal(Outcome.Succeeded, run.Stages["PromoteProd"].Outcome);

        // What a person names may be another image than the last that was pushed.
        run = await scene.RunAsync(pushed with { Parameters = new Dictionary<string, string> { ["release"] = "1.4.9" } }, agent);
        Assert.Equal("1.4.9 \n", await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release", "release.json")));
    }

    [Fact]
    public async Task What_a_person_types_is_not_run()
    {
        using var scene = await ReleaseSceneAsync(ReleaseTrigger.Manual);
        const string typed = "1'; touch owned; $(touch owned) `touch owned` \"";
        var run = await scene.RunAsync(Release(("release", typed)));
        Assert.Equal(typed + " \n", await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release", "release.json")));
        Assert.Empty(Directory.GetFiles(scene.Repository, "owned", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_end_of_a_build_promotes_what_it_published()
    {
        using var scene = await Scene.CreateAsync(Declared with
        {
            Transport = ImageTransport.Artifact,
            PromoteAfterBuild = false,
            ReleasePipeline = new() { Trigger = ReleaseTrigger.BuildCompletion, BuildPipeline = "ci" },
        });
        var agent = scene.Agent();
        var build = await scene.RunAsync(new RunRequest(), agent);
        Assert.Equal("Build=Succeeded", build.ToString());

        var run = await scene.RunAsync(Release() with { Pipelines = new Dictionary<string, RunResult> { ["build"] = build } }, agent);
        Assert.Equal("PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Succeeded ValidateProd=Succeeded PromoteProd=Succeeded", run.ToString());
        Assert.Equal("2\n", await File.ReadAllTextAsync(Path.Combine(scene.Registry("Prod"), "app")));
    }

    public static TheoryData<string, string[], string[], Outcome> Builds => new()
    {
        { "refs/heads/main", ["main"], [], Outcome.Succeeded },
        { "refs/heads/topic", ["main"], [], Outcome.Skipped },
        { "refs/heads/main2", ["main"], [], Outcome.Skipped },
        { "refs/heads/release/1", ["main", "release/*"], ["release/old*"], Outcome.Succeeded },
        { "refs/heads/release/old1", ["main", "release/*"], ["release/old*"], Outcome.Skipped },
        { "refs/heads/topic", ["*"], [], Outcome.Succeeded },
        { "refs/heads/topic", [], ["topic"], Outcome.Skipped },
        { "refs/tags/v1", ["refs/tags/v*"], [], Outcome.Succeeded },
    };

    // By hand the service takes the latest build of any branch, or the one that somebody picks.
    [Theory]
    [MemberData(nameof(Builds))]
    public async Task Builds_of_other_branches_are_not_promoted_by_whoever_starts_the_release_pipeline(string branch, string[] include, string[] exclude, Outcome outcome)
    {
        using var scene = await Scene.CreateAsync(Declared with
        {
            Environments = [new(Dev), new(new PromotionEnvironment("prod") { After = Dev })],
            PromoteAfterBuild = false,
            ReleasePipeline = new() { Trigger = ReleaseTrigger.BuildCompletion, BuildPipeline = "ci", BuildBranches = new() { Include = include, Exclude = exclude } },
        });
        var agent = scene.Agent();
        var build = await scene.RunAsync(new RunRequest { Branch = branch }, agent);
        foreach (var environment in (string[])["all", "prod"])
        {
            var run = await scene.RunAsync(Release(("environment", environment)) with { Pipelines = new Dictionary<string, RunResult> { ["build"] = build } }, agent);
            Assert.Equal(outcome, run.Stages["PromoteProd"].Outcome);
        }
    }

    [Theory]
    [InlineData("main", "branch: main\n")]
    [InlineData("release/*", null)]
    [InlineData("refs/tags/v1", null)]
    public void The_latest_build_of_one_branch_is_asked_for_where_one_can_be_named(string branch, string? line)
    {
        var release = new ReleasePipeline { Trigger = ReleaseTrigger.BuildCompletion, BuildPipeline = "ci", BuildBranches = Filter.Only(branch) };
        var file = PipelineGenerator.Generate(Declared with { ReleasePipeline = release }).EnsureValid().Single(file => file.Path == "azure-pipelines.release.yml");
        Assert.Equal(line is not null, file.Content.Contains("branch: ", StringComparison.Ordinal));
        Assert.Contains(line ?? "source: ci\n", file.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_template_runs_the_same_stages()
    {
        using var scene = await Scene.CreateAsync(Declared with
        {
            Environments = [new(Dev), new(Test with { Gates = [Gate.RequiredTemplate("Contoso/templates", "release.yml")] })],
            UseTemplates = true,
        });
        Assert.Equal("Build=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded", (await scene.RunAsync(new RunRequest())).ToString());
    }

    [Fact]
    public async Task Every_region_has_its_job()
    {
        using var scene = await Scene.CreateAsync(Declared with
        {
            Environments =
            [
                new(new PromotionEnvironment("dev") { Regions = ["west-europe", "east-us"] })
                {
                    JobPerRegion = true,
                    Registries = [new("DevWestEuropeRegistry") { ServiceConnection = "weu" }, new("DevEastUsRegistry") { ServiceConnection = "eus" }],
                },
            ],
        });
        var run = await scene.RunAsync(new RunRequest());
        Assert.Equal(["PromoteWestEurope", "PromoteEastUs"], run.Stages["PromoteDev"].Jobs.Keys);
        Assert.Equal(["region=west-europe az=weu", "region=east-us az=eus"], scene.Story.TakeLast(2).Select(call => call[call.IndexOf("region=", StringComparison.Ordinal)..call.IndexOf(" token", StringComparison.Ordinal)]));
    }

    private static Task<Scene> ReleaseSceneAsync(ReleaseTrigger trigger) => PrepareAsync(Declared with
    {
        BaseRegistry = trigger == ReleaseTrigger.ImagePush ? new("BaseRegistry") { Address = "contoso.azurecr.io", ServiceConnection = "contoso-base", ResourceGroup = "rg" } : new("BaseRegistry"),
        ReleasePipeline = new() { Trigger = trigger },
    });

    // What the build pushed before; an address in the YAML prevails over what the scene sets, so its folder is not asked for here.
    private static async Task<Scene> PrepareAsync(PipelineDeclaration declaration)
    {
        var scene = await Scene.CreateAsync(declaration);
        await File.WriteAllTextAsync(Path.Combine(scene.Registry("Base"), "app"), "1\n");
        if (declaration.BaseRegistry.Address is { } address)
        {
            var file = Path.Combine(scene.Repository, declaration.Files.ReleasePipeline);
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("value: " + address, "value: " + scene.Registry("Base"), StringComparison.Ordinal));
            await scene.CommitAsync("a registry on this machine");
        }

        return scene;
    }

    private static RunRequest Release(params (string Name, string Value)[] parameters) => new()
    {
        File = "azure-pipelines.release.yml",
        Reason = "Manual",
        Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value),
    };
}
