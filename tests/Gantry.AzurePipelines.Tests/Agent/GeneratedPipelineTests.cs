using Gantry.AzurePipelines.Generation;
using Gantry.AzurePipelines.Model;
using Gantry.Environments;
using Gantry.PipelineAgent;

namespace Gantry.AzurePipelines.Tests.Agent;

/// <summary>Generated pipelines, run like by an agent.</summary>
public class GeneratedPipelineTests
{
    private static readonly PromotionEnvironment Dev = new("dev");
    private static readonly PromotionEnvironment Test = new("test") { After = Dev, Gates = [Gate.Approval("qa@contoso.com")] };
    private static readonly PromotionEnvironment Prod = new("prod")
    {
        After = Test,
        Gates = [Gate.Approval("owner@contoso.com"), Gate.Soak(TimeSpan.FromHours(24)), Gate.ManualValidation("Look twice.")],
    };

    // The test repository has no SDK to install and no packages to cache.
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
    public async Task A_build_is_promoted_through_all_environments(ImageTransport transport, bool inTemplates)
    {
        var host = new ScriptedDecisions();
        using var fixture = await PipelineFixture.CreateAsync(Declared with { Transport = transport, UseTemplates = inTemplates });
        fixture.Decisions = host;

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal(
            "Build=Succeeded Publish=Succeeded PromoteDev=Succeeded "
                + "PromoteTest=Succeeded SoakProd=Succeeded ValidateProd=Succeeded PromoteProd=Succeeded",
            run.ToString());
        Assert.All(
            (string[])["Dev", "Test", "Prod"], name => Assert.Equal("2\n", File.ReadAllText(Path.Combine(fixture.Registry(name), "app"))));
        Assert.Equal(transport != ImageTransport.Artifact, File.Exists(Path.Combine(fixture.Registry("Base"), "app")));
        Assert.Equal(
            [
                "check dev for PromoteDev", "check test for PromoteTest", "wait 1.00:00:00", "validate in ValidateProd: Look twice.",
                "check prod for PromoteProd",
            ],
            host.Questions);
        Assert.Equal("1.0.2", run.BuildNumber);
        Assert.Equal(["1.0.2"], run.BuildTags);
        Assert.Equal(["to Dev: 1.0.2\n", "to Test: 1.0.2\n", "to Prod: 1.0.2\n"], run.Summaries);
        Assert.Equal("1.0.2", run.Stages["Publish"].Jobs["Publish"].Outputs["release.version"]);
    }

    [Theory]
    [InlineData("go back", "RollbackTest : to='1.0.1' because 'a $ (Secret) reason'")]
    [InlineData("hold", "Hold test: to='' because 'a $ (Secret) reason'")]
    [InlineData("end the hold", "ReleaseHold test: to='' because 'a $ (Secret) reason'")]
    public async Task A_person_goes_back_holds_and_ends_a_hold_behind_the_same_checks(string action, string call)
    {
        var host = new ScriptedDecisions();
        using var fixture = await PipelineFixture.CreateAsync(Declared with
        {
            Rollbacks = new Dictionary<string, string> { ["dev"] = "RollbackDev", ["test"] = "RollbackTest" },
        });
        fixture.Decisions = host;

        var run = await fixture.RunAsync(new RunRequest
        {
            File = "azure-pipelines.rollback.yml",
            Reason = "Manual",
            Parameters = new Dictionary<string, string>
            {
                ["environment"] = "test", ["action"] = action, ["release"] = "1.0.1", ["reason"] = "a $(Secret) reason",
            },
        });

        Assert.Equal("RollbackDev=Skipped RollbackTest=Succeeded", run.ToString());
        Assert.Equal(["check test for RollbackTest"], host.Questions);
        Assert.Equal(call, fixture.BuildCalls[^1]);
        Assert.Equal(2, fixture.BuildCalls.Count);
    }

    [Fact]
    public async Task Only_the_task_of_a_service_connection_gets_its_identity()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared with
        {
            Commands = new()
            {
                Steps = [new("PublishImages"), new("Test", "BuildImage") { Secrets = ["ApiKey"] }],
                PublishSecrets = ["ApiKey"],
            },
            Environments = [new(Dev) { ServiceConnection = "contoso-dev" }, new(Test) { Secrets = ["ApiKey"] }, new(Prod)],
        });
        fixture.Secrets["ApiKey"] = "very-secret";

        await fixture.RunAsync(new RunRequest());

        Assert.Equal(
            [
                "az= token= key=", "az= token= key=yes", "az= token=yes key=yes", "az=contoso-dev token=yes key=",
                "az= token=yes key=yes", "az= token=yes key=",
            ],
            fixture.BuildCalls.Select(call => call[call.IndexOf("az=", StringComparison.Ordinal)..]));
        Assert.DoesNotContain(fixture.Log, line => line.Contains("very-secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Decision.Rejected, Outcome.Failed)]
    [InlineData(Decision.TimedOut, Outcome.Skipped)]
    public async Task A_missing_approval_stops_before_the_environment(Decision answer, Outcome outcome)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        fixture.Decisions = new ScriptedDecisions().Answering("prod", answer);

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal(
            "Build=Succeeded Publish=Succeeded PromoteDev=Succeeded "
                + $"PromoteTest=Succeeded SoakProd=Succeeded ValidateProd=Succeeded PromoteProd={outcome}",
            run.ToString());
        Assert.False(File.Exists(Path.Combine(fixture.Registry("Prod"), "app")));
    }

    [Theory]
    [InlineData(Decision.Rejected, Outcome.Failed)]
    [InlineData(Decision.TimedOut, Outcome.Skipped)]
    public async Task No_stage_follows_an_environment_that_was_not_reached(Decision answer, Outcome outcome)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        fixture.Decisions = new ScriptedDecisions().Answering("test", answer);

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal(
            "Build=Succeeded Publish=Succeeded PromoteDev=Succeeded "
                + $"PromoteTest={outcome} SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped",
            run.ToString());
        Assert.DoesNotContain(fixture.BuildCalls, call => call.Contains("PromoteProd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_validation_stops_before_the_environment()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        fixture.Decisions = new ScriptedDecisions().Answering("ValidateProd", Decision.Rejected);

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal("ValidateProd=Failed PromoteProd=Skipped", string.Join(' ', run.ToString().Split(' ').TakeLast(2)));
    }

    [Fact]
    public async Task A_failed_promotion_stops_the_following_stages_and_reports_its_code()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        await File.WriteAllTextAsync(Path.Combine(fixture.Registry("Test"), "refuse"), "");

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal(
            "Build=Succeeded Publish=Succeeded PromoteDev=Succeeded "
                + "PromoteTest=Failed SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped",
            run.ToString());
        Assert.Equal(Outcome.Failed, run.Outcome);
        Assert.Equal(["error GAN4021 the tag moved"], run.Issues);
    }

    [Fact]
    public async Task Other_branches_are_built_and_published_but_not_promoted()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        var run = await fixture.RunAsync(new RunRequest { Branch = "refs/heads/topic" });
        Assert.Equal(
            "Build=Succeeded Publish=Succeeded PromoteDev=Skipped "
                + "PromoteTest=Skipped SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped",
            run.ToString());
        Assert.Contains(fixture.BuildCalls, call => call.Contains("PushBase", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("refs/tags/v1.0.2", "Manual", Outcome.Succeeded)]
    [InlineData("refs/heads/topic", "Manual", Outcome.Skipped)]
    [InlineData("refs/heads/main", "Manual", Outcome.Skipped)]
    public async Task With_tag_triggers_only_tags_are_promoted(string branch, string reason, Outcome outcome)
    {
        using var fixture = await PipelineFixture.CreateAsync(
            Declared with { Triggers = new() { Branches = [], Tags = Filter.Only("v*") } });
        var run = await fixture.RunAsync(new RunRequest { Branch = branch, Reason = reason });
        Assert.Equal(outcome, run.Stages["PromoteDev"].Outcome);
    }

    [Theory]
    [InlineData("*", Outcome.Succeeded)]
    [InlineData("top*", Outcome.Succeeded)]
    [InlineData("main", Outcome.Skipped)]
    public async Task A_branch_without_a_trigger_is_promoted_when_it_is_named(string promoted, Outcome outcome)
    {
        using var fixture = await PipelineFixture.CreateAsync(
            Declared with { Triggers = new() { Branches = [], PromotedBranches = [promoted] } });
        var run = await fixture.RunAsync(new RunRequest { Branch = "refs/heads/topic", Reason = "Manual" });
        Assert.Equal(outcome, run.Stages["PromoteDev"].Outcome);
    }

    [Fact]
    public async Task Pull_requests_are_built_and_tested_and_publish_nothing()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        var run = await fixture.RunAsync(new RunRequest { Branch = "refs/pull/7/merge", Reason = "PullRequest" });
        Assert.Equal(Outcome.Succeeded, run.Stages["Build"].Outcome);
        Assert.Equal(["Build"], run.Stages.Keys);
        Assert.DoesNotContain(fixture.BuildCalls, call => call.Contains("PushBase", StringComparison.Ordinal));
        Assert.Empty(Directory.GetDirectories(run.ArtifactFolder));
    }

    [Theory]
    [InlineData("PullRequest", "", "Build=Succeeded")]
    [InlineData("IndividualCI", "contoso-base for Publish", "Build=Succeeded Publish=Failed PromoteDev=Skipped")]
    public async Task The_checks_of_the_base_connection_are_asked_for_publishing_only(string reason, string asked, string stages)
    {
        var host = new ScriptedDecisions().Answering("contoso-base", Decision.Rejected);
        using var fixture = await PipelineFixture.CreateAsync(Declared with
        {
            BaseRegistry = new("BaseRegistry") { ServiceConnection = "contoso-base" },
            Environments = [new(Dev)],
        });
        fixture.Decisions = host;

        var run = await fixture.RunAsync(new RunRequest { Reason = reason });

        Assert.Equal(stages, run.ToString());
        Assert.Equal(asked, string.Join(", ", host.Connections));
    }

    [Theory]
    [InlineData(true, false, "key=")]
    [InlineData(false, false, "key=yes")]
    [InlineData(false, true, "key=yes")]
    public async Task A_build_of_a_fork_gets_no_secret_and_no_text_in_its_place(bool isFork, bool isOwn, string key)
    {
        var declaration = isOwn
            ? Declared.WithStage("Build", build => build with
            {
                StepsBefore = [Step.Script("./build.sh Test") with { Secrets = ["ApiKey"] }],
            })
            : Declared with { Commands = new() { Steps = [new("Test") { Secrets = ["ApiKey"] }, new("BuildImage")] } };
        using var fixture = await PipelineFixture.CreateAsync(declaration);
        fixture.Secrets["ApiKey"] = "very-secret";
        await fixture.RunAsync(new RunRequest { Branch = "refs/pull/7/merge", Reason = "PullRequest", IsFork = isFork });
        Assert.EndsWith(" " + key, fixture.BuildCalls[0], StringComparison.Ordinal);
    }

    // The code is that of the pull request, whatever started the run.
    [Fact]
    public async Task A_run_by_hand_of_a_pull_request_publishes_nothing_and_gets_no_secret()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared with
        {
            Commands = new() { Steps = [new("Test") { Secrets = ["ApiKey"] }, new("BuildImage")] },
            Triggers = new() { Branches = [], PromotedBranches = ["*"] },
        });
        fixture.Secrets["ApiKey"] = "very-secret";
        var run = await fixture.RunAsync(new RunRequest { Branch = "refs/pull/7/merge", Reason = "Manual" });
        Assert.Equal(["Build"], run.Stages.Keys);
        Assert.EndsWith(" key=", fixture.BuildCalls[0], StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(run.ArtifactFolder));
    }

    [Theory]
    [InlineData("Build")]
    [InlineData("Publish")]
    [InlineData("PromoteTest")]
    [InlineData("SoakProd")]
    [InlineData("ValidateProd")]
    public async Task A_stage_that_others_depend_on_cannot_be_left_out_by_hand(string stage)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        var refused = await Assert.ThrowsAsync<PipelineException>(() => fixture.RunAsync(new RunRequest { SkippedStages = [stage] }));
        Assert.Contains(stage, refused.Message, StringComparison.Ordinal);
    }

    // Even where the service would let a person leave a stage out, what comes after it does not run: results are named.
    [Theory]
    [InlineData("Publish", "PromoteDev")]
    [InlineData("PromoteTest", "SoakProd")]
    [InlineData("SoakProd", "ValidateProd")]
    [InlineData("ValidateProd", "PromoteProd")]
    public async Task Nothing_follows_a_stage_that_was_left_out(string left, string next)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        var file = Path.Combine(fixture.Repository, "azure-pipelines.yml");
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file)).Replace("isSkippable: false", "isSkippable: true", StringComparison.Ordinal));
        await fixture.CommitAsync("a hole");
        var run = await fixture.RunAsync(new RunRequest { SkippedStages = [left] });
        Assert.Equal(Outcome.Skipped, run.Stages[next].Outcome);
        Assert.Equal(Outcome.Skipped, run.Stages["PromoteProd"].Outcome);
    }

    [Theory]
    [InlineData(ImageTransport.BaseRegistry)]
    [InlineData(ImageTransport.Both)]
    public async Task Every_stage_can_be_run_again(ImageTransport transport)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared with { Transport = transport });
        var agent = fixture.Agent();
        var run = await fixture.RunAsync(new RunRequest(), agent);
        var expected = run.ToString();
        foreach (var stage in (string[])["Build", "Publish", "PromoteDev", "PromoteTest", "PromoteProd"])
        {
            await agent.RerunAsync(run, stage, onlyFailedJobs: false, CancellationToken.None);
            Assert.All(expected.Split(' '), outcome => Assert.Contains(outcome, run.ToString(), StringComparison.Ordinal));
        }

        Assert.Equal(Outcome.Succeeded, run.Outcome);
    }

    [Fact]
    public async Task A_build_whose_own_job_failed_can_be_run_again_as_a_whole_or_in_part()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared.WithStage("Build", build => build with
        {
            Jobs = [new("Windows") { Steps = [Step.Script("test -e $STORY_FOLDER/mended")] }],
        }));
        var agent = fixture.Agent();
        var run = await fixture.RunAsync(new RunRequest(), agent);
        Assert.Equal(Outcome.Failed, run.Stages["Build"].Outcome);
        Assert.Equal(Outcome.Skipped, run.Stages["Publish"].Outcome);

        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(fixture.Repository)!, "mended"), "");
        await agent.RerunAsync(run, "Build", onlyFailedJobs: true, CancellationToken.None);
        Assert.Equal(Outcome.Succeeded, run.Outcome);
        await agent.RerunAsync(run, "Build", onlyFailedJobs: false, CancellationToken.None);
        Assert.Equal(Outcome.Succeeded, run.Outcome);
    }

    [Theory]
    [InlineData(
        "none",
        "Build=Succeeded Publish=Succeeded PromoteDev=Skipped "
            + "PromoteTest=Skipped SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped")]
    [InlineData(
        "test",
        "Build=Succeeded Publish=Succeeded PromoteDev=Succeeded "
            + "PromoteTest=Succeeded SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped")]
    public async Task A_manual_run_promotes_as_far_as_chosen(string promoteTo, string stages)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        var run = await fixture.RunAsync(new RunRequest { Parameters = new Dictionary<string, string> { ["promoteTo"] = promoteTo } });
        Assert.Equal(stages, run.ToString());
    }

    [Fact]
    public async Task The_version_is_counted_from_the_whole_history()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared);
        await fixture.CommitAsync("third");
        await fixture.CommitAsync("fourth");
        var run = await fixture.RunAsync(new RunRequest());
        Assert.Equal("1.0.4", run.BuildNumber);
    }

    [Theory]
    [InlineData(
        "all",
        "FindRelease=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded SoakProd=Succeeded ValidateProd=Succeeded PromoteProd=Succeeded")]
    [InlineData(
        "dev",
        "FindRelease=Succeeded PromoteDev=Succeeded PromoteTest=Skipped SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped")]
    [InlineData(
        "prod",
        "FindRelease=Succeeded PromoteDev=Skipped PromoteTest=Skipped SoakProd=Skipped ValidateProd=Succeeded PromoteProd=Succeeded")]
    public async Task The_release_pipeline_promotes_a_named_release(string environment, string stages)
    {
        using var fixture = await ReleaseSceneAsync(ReleaseTrigger.Manual);
        var run = await fixture.RunAsync(Release(("release", "1.4.2"), ("environment", environment)));
        Assert.Equal(stages, run.ToString());
        Assert.Equal("1.4.2 \n", await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release-1", "release.json")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_reason_for_going_back_reaches_every_promotion(bool inTemplates)
    {
        using var fixture = await PrepareAsync(
            Declared with { ReleasePipeline = new() { Trigger = ReleaseTrigger.Manual }, UseTemplates = inTemplates });
        await fixture.RunAsync(Release(("release", "1.4.2"), ("goBack", "orders $(System.AccessToken) fail")));
        Assert.All(
            fixture.BuildCalls.Where(call => call.Contains(": Promote", StringComparison.Ordinal)),
            call => Assert.Contains(" back=orders $ (System.AccessToken) fail region=", call, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Decision.Rejected, Outcome.Failed)]
    [InlineData(Decision.TimedOut, Outcome.Skipped)]
    public async Task No_stage_of_the_release_pipeline_follows_an_environment_that_was_not_reached(Decision answer, Outcome outcome)
    {
        using var fixture = await ReleaseSceneAsync(ReleaseTrigger.Manual);
        fixture.Decisions = new ScriptedDecisions().Answering("test", answer);
        var run = await fixture.RunAsync(Release(("release", "1.4.2")));
        Assert.Equal(
            $"FindRelease=Succeeded PromoteDev=Succeeded PromoteTest={outcome} SoakProd=Skipped ValidateProd=Skipped PromoteProd=Skipped",
            run.ToString());
    }

    [Fact]
    public async Task A_pushed_image_is_promoted_by_its_digest()
    {
        using var fixture = await ReleaseSceneAsync(ReleaseTrigger.ImagePush);
        var pushed = Release() with
        {
            Reason = "ResourceTrigger",
            Containers = new Dictionary<string, string> { ["image.tag"] = "1.5.0", ["image.digest"] = "sha256:abc" },
        };

        var agent = fixture.Agent();
        var run = await fixture.RunAsync(pushed, agent);
        Assert.Equal("1.5.0 sha256:abc\n", await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release-1", "release.json")));
        Assert.Equal(Outcome.Succeeded, run.Stages["PromoteProd"].Outcome);

        // A person may name another image than the last one that was pushed.
        run = await fixture.RunAsync(pushed with { Parameters = new Dictionary<string, string> { ["release"] = "1.4.9" } }, agent);
        Assert.Equal("1.4.9 \n", await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release-1", "release.json")));
    }

    [Fact]
    public async Task A_run_by_hand_without_a_version_promotes_nothing()
    {
        using var fixture = await ReleaseSceneAsync(ReleaseTrigger.ImagePush);
        var newest = Release() with
        {
            Containers = new Dictionary<string, string> { ["image.tag"] = "1.5.0", ["image.digest"] = "sha256:abc" },
        };
        var run = await fixture.RunAsync(newest);
        Assert.Equal(Outcome.Failed, run.Stages["FindRelease"].Outcome);
        Assert.Equal(["error GAN4049 no release is named"], run.Issues);
        Assert.Equal(Outcome.Skipped, run.Stages["PromoteDev"].Outcome);
    }

    [Fact]
    public async Task Text_typed_by_a_person_is_not_executed()
    {
        using var fixture = await ReleaseSceneAsync(ReleaseTrigger.Manual);
        const string typed = "1'; touch owned; $(touch owned) `touch owned` \"";
        var run = await fixture.RunAsync(Release(("release", typed)));
        Assert.Equal(
            typed.Replace("$(", "$ (", StringComparison.Ordinal) + " \n",
            await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release-1", "release.json")));
        Assert.Empty(Directory.GetFiles(fixture.Repository, "owned", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(ReleaseTrigger.Manual)]
    [InlineData(ReleaseTrigger.ImagePush)]
    public async Task A_secret_that_a_person_named_as_the_release_does_not_reach_the_build(ReleaseTrigger trigger)
    {
        using var fixture = await ReleaseSceneAsync(trigger);
        var run = await fixture.RunAsync(Release(("release", "$(System.AccessToken)")));
        Assert.StartsWith(
            "$ (System.AccessToken)",
            await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release-1", "release.json")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_completed_build_starts_the_promotion_of_its_release()
    {
        using var fixture = await PipelineFixture.CreateAsync(StartedByBuild with { Transport = ImageTransport.Artifact });
        var agent = fixture.Agent();
        var build = await fixture.RunAsync(new RunRequest(), agent);
        Assert.Equal("Build=Succeeded Publish=Succeeded", build.ToString());

        var run = await fixture.RunAsync(
            Release() with { Reason = "ResourceTrigger", Pipelines = new Dictionary<string, RunResult> { ["build"] = build } }, agent);
        Assert.Equal(
            "FindRelease=Succeeded PromoteDev=Succeeded "
                + "PromoteTest=Succeeded SoakProd=Succeeded ValidateProd=Succeeded PromoteProd=Succeeded",
            run.ToString());
        Assert.Equal("2\n", await File.ReadAllTextAsync(Path.Combine(fixture.Registry("Prod"), "app")));
    }

    [Fact]
    public async Task A_release_pipeline_takes_the_last_attempt_of_the_build_and_can_be_run_again()
    {
        using var fixture = await PipelineFixture.CreateAsync(StartedByBuild with { Transport = ImageTransport.Artifact });
        var agent = fixture.Agent();
        var build = await fixture.RunAsync(new RunRequest(), agent);
        await agent.RerunAsync(build, "Publish", onlyFailedJobs: false, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(build.ArtifactFolder, "images-2", "app"), "second\n");

        var run = await fixture.RunAsync(
            Release() with { Reason = "ResourceTrigger", Pipelines = new Dictionary<string, RunResult> { ["build"] = build } }, agent);
        await agent.RerunAsync(run, "FindRelease", onlyFailedJobs: false, CancellationToken.None);

        Assert.Equal(Outcome.Succeeded, run.Outcome);
        Assert.Equal("second\n", await File.ReadAllTextAsync(Path.Combine(fixture.Registry("Prod"), "app")));
    }

    [Fact]
    public async Task A_run_by_hand_takes_no_build_that_nobody_named()
    {
        using var fixture = await PipelineFixture.CreateAsync(StartedByBuild);
        var agent = fixture.Agent();
        var build = await fixture.RunAsync(new RunRequest(), agent);
        var run = await fixture.RunAsync(Release() with { Pipelines = new Dictionary<string, RunResult> { ["build"] = build } }, agent);
        Assert.Equal(Outcome.Failed, run.Stages["FindRelease"].Outcome);
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

    // In a manual run the service uses the latest build of any branch, or the chosen one.
    [Theory]
    [MemberData(nameof(Builds))]
    public async Task Builds_of_other_branches_are_not_promoted_by_the_release_pipeline(
        string branch, string[] include, string[] exclude, Outcome outcome)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared with
        {
            Environments = [new(Dev), new(new PromotionEnvironment("prod") { After = Dev })],
            PromoteAfterBuild = false,
            ReleasePipeline = new()
            {
                Trigger = ReleaseTrigger.BuildCompletion,
                BuildPipeline = "ci",
                BuildBranches = new() { Include = include, Exclude = exclude },
            },
        });
        var agent = fixture.Agent();
        var build = await fixture.RunAsync(new RunRequest { Branch = branch }, agent);
        foreach (var environment in (string[])["all", "prod"])
        {
            var run = await fixture.RunAsync(
                Release(("environment", environment)) with
                {
                    Reason = "ResourceTrigger",
                    Pipelines = new Dictionary<string, RunResult> { ["build"] = build },
                },
                agent);
            Assert.Equal(outcome, run.Stages["PromoteProd"].Outcome);
        }
    }

    [Theory]
    [InlineData("main", "branch: main\n")]
    [InlineData("release/*", null)]
    [InlineData("refs/tags/v1", null)]
    public void The_latest_build_is_that_of_a_single_named_branch(string branch, string? line)
    {
        var release = new ReleasePipeline
        {
            Trigger = ReleaseTrigger.BuildCompletion,
            BuildPipeline = "ci",
            BuildBranches = Filter.Only(branch),
        };
        var file = PipelineGenerator.Generate(Declared with { PromoteAfterBuild = false, ReleasePipeline = release })
            .EnsureValid()
            .Single(file => file.Path == "azure-pipelines.release.yml");
        Assert.Equal(line is not null, file.Content.Contains("branch: ", StringComparison.Ordinal));
        Assert.Contains(line ?? "source: ci\n", file.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_template_runs_the_same_stages()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared with
        {
            Environments = [new(Dev), new(Test with { Gates = [Gate.RequiredTemplate("Contoso/templates", "release.yml")] })],
            UseTemplates = true,
        });
        Assert.Equal(
            "Build=Succeeded Publish=Succeeded PromoteDev=Succeeded PromoteTest=Succeeded",
            (await fixture.RunAsync(new RunRequest())).ToString());
    }

    [Fact]
    public async Task Every_region_has_its_job()
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared with
        {
            Environments =
            [
                new(new PromotionEnvironment("dev") { Regions = ["west-europe", "east-us"] })
                {
                    JobPerRegion = true,
                    Registries =
                    [
                        new("DevWestEuropeRegistry") { ServiceConnection = "weu" },
                        new("DevEastUsRegistry") { ServiceConnection = "eus" },
                    ],
                },
            ],
        });
        var run = await fixture.RunAsync(new RunRequest());
        Assert.Equal(["PromoteWestEurope", "PromoteEastUs"], run.Stages["PromoteDev"].Jobs.Keys);
        Assert.Equal(
            ["region=west-europe az=weu", "region=east-us az=eus"],
            fixture.BuildCalls
                .TakeLast(2)
                .Select(call => call[call.IndexOf("region=", StringComparison.Ordinal)..call.IndexOf(" token", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData(false, "PromoteWave1 WaitBeforeWave2 PromoteWave2", "region=wave 1 az=prod; region=wave 2 az=prod")]
    [InlineData(true, "PromoteEu WaitBeforeWave2 PromoteUs PromoteUk", "region=eu az=own; region=uk az=own; region=us az=own")]
    public async Task Waves_of_regions_follow_each_other_with_a_pause_between(bool jobPerRegion, string jobs, string calls)
    {
        using var fixture = await PipelineFixture.CreateAsync(Declared with
        {
            Environments =
            [
                new(new PromotionEnvironment("dev")
                {
                    Waves = [["eu"], ["us", "uk"]],
                    PauseBetweenWaves = TimeSpan.FromHours(2),
                })
                {
                    ServiceConnection = "prod",
                    JobPerRegion = jobPerRegion,
                    Registries =
                    [
                        .. ((string[])["Eu", "Us", "Uk"]).Select(region =>
                            new PipelineRegistry($"Dev{region}Registry") { ServiceConnection = jobPerRegion ? "own" : null }),
                    ],
                },
            ],
        });

        var run = await fixture.RunAsync(new RunRequest());

        Assert.Equal("Build=Succeeded Publish=Succeeded PromoteDev=Succeeded", run.ToString());
        Assert.Equal(jobs.Split(' '), run.Stages["PromoteDev"].Jobs.Keys);
        Assert.Equal(calls.Split("; "), fixture.BuildCalls
            .Where(call => call.Contains("PromoteDev", StringComparison.Ordinal))
            .Select(call => call[call.IndexOf("region=", StringComparison.Ordinal)..call.IndexOf(" token", StringComparison.Ordinal)])
            .OrderBy(call => call.Contains("us", StringComparison.Ordinal)));
    }

    // A completed build starts the release pipeline.
    private static PipelineDeclaration StartedByBuild => Declared with
    {
        PromoteAfterBuild = false,
        ReleasePipeline = new() { Trigger = ReleaseTrigger.BuildCompletion, BuildPipeline = "ci" },
    };

    private static Task<PipelineFixture> ReleaseSceneAsync(ReleaseTrigger trigger) => PrepareAsync(Declared with
    {
        BaseRegistry = trigger == ReleaseTrigger.ImagePush
            ? new("BaseRegistry") { Address = "contoso.azurecr.io", ServiceConnection = "contoso-base", ResourceGroup = "rg" }
            : new("BaseRegistry"),
        PromoteAfterBuild = trigger == ReleaseTrigger.Manual,
        ReleasePipeline = new() { Trigger = trigger },
    });

    // The content that the build pushed before; an address in the YAML overrides that of the test, so its folder is not checked here.
    private static async Task<PipelineFixture> PrepareAsync(PipelineDeclaration declaration)
    {
        var fixture = await PipelineFixture.CreateAsync(declaration);
        await File.WriteAllTextAsync(Path.Combine(fixture.Registry("Base"), "app"), "1\n");
        if (declaration.BaseRegistry.Address is { } address)
        {
            var file = Path.Combine(fixture.Repository, declaration.Files.ReleasePipeline);
            await File.WriteAllTextAsync(
                file,
                (await File.ReadAllTextAsync(file)).Replace(
                    "value: " + address, "value: " + fixture.Registry("Base"), StringComparison.Ordinal));
            await fixture.CommitAsync("a registry on this machine");
        }

        return fixture;
    }

    private static RunRequest Release(params (string Name, string Value)[] parameters) => new()
    {
        File = "azure-pipelines.release.yml",
        Reason = "Manual",
        Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value),
    };
}
