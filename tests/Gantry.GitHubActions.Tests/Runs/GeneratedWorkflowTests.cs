using Gantry.GitHubActions.Tests.Fixtures;
using Gantry.WorkflowRunner;

namespace Gantry.GitHubActions.Tests.Runs;

/// <summary>Generated workflows, executed: each job in its own clone, artifacts by upload and download only.</summary>
public sealed class GeneratedWorkflowTests
{
    private const string Everything = "build=success publish=success promote-dev=success promote-test=success promote-prod=success";

    [Fact]
    public async Task A_push_is_built_once_and_promoted_through_all_environments()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso);

        var run = await fixture.RunAsync(new());

        Assert.Equal(Everything, run.ToString());
        Assert.Equal(["dev for promote-dev", "test for promote-test", "prod for promote-prod"], fixture.Questions);
        Assert.All(
            (string[])["contosobase.azurecr.io", "contosodev.azurecr.io", "contosotest.azurecr.io", "contoso.azurecr.io/live"],
            registry => Assert.Equal("1", fixture.ContentOf(registry)));
        Assert.Equal(
            [
                "build: PublishImages Test skip=false environment= region= azure= token= key=",
                "build: BuildImage skip=true environment= region= azure= token= key=",
                "publish: PushBase skip=true environment= region= azure=client token=yes key=",
                "promote-dev: PromoteDev skip=true environment=dev region= azure=client token=yes key=",
                "promote-test: PromoteTest skip=true environment=test region= azure=client token=yes key=",
                "promote-prod: PromoteProd skip=true environment=prod region= azure=client token=yes key=",
            ],
            fixture.Calls);
        Assert.Equal("1.0.1", run.Jobs["publish"].Outputs["version"]);
        Assert.Equal(
            ["## Release 1.0.1", "## To Dev: 1.0.1", "## To Test: 1.0.1", "## To Prod: 1.0.1"],
            run.Summaries.Select(text => text.Trim()));
    }

    [Fact]
    public async Task A_pull_request_is_built_with_a_token_that_reads_and_nothing_else()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso);

        var run = await fixture.RunAsync(new() { Event = "pull_request", Reference = "refs/pull/7/merge" });

        Assert.Equal(
            "build=success publish=skipped promote-dev=skipped promote-test=skipped promote-prod=skipped", run.ToString());
        Assert.Equal(["contents=read"], run.Jobs["build"].Permissions.Select(permission => $"{permission.Key}={permission.Value}"));
        Assert.Empty(fixture.Questions);
        Assert.Null(fixture.ContentOf("contosobase.azurecr.io"));
        Assert.Equal(["test-results"], Directory.GetDirectories(run.ArtifactFolder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_rejected_environment_stops_what_comes_after_it()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso);
        fixture.Reject("test");

        var run = await fixture.RunAsync(new());

        Assert.Equal("build=success publish=success promote-dev=success promote-test=failure promote-prod=skipped", run.ToString());
        Assert.Null(fixture.ContentOf("contosotest.azurecr.io"));
        Assert.DoesNotContain(fixture.Calls, call => call.Contains("PromoteTest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_promotion_runs_again_alone_and_the_rest_follows()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso);
        fixture.Refuse("contosotest.azurecr.io");
        var first = await fixture.RunAsync(new());
        Assert.Equal("build=success publish=success promote-dev=success promote-test=failure promote-prod=skipped", first.ToString());
        Assert.Equal(["error GAN4021 the tag moved"], first.Annotations);

        fixture.Refuse("contosotest.azurecr.io", refuses: false);
        var calls = fixture.Calls.Count;
        var second = await fixture.RunAsync(new() { Again = first });

        Assert.Equal(Everything, second.ToString());
        Assert.Equal(["PromoteTest", "PromoteProd"], fixture.Calls.Skip(calls).Select(call => call.Split(' ')[1]));
    }

    [Theory]
    [InlineData("none", "")]
    [InlineData("dev", "dev")]
    [InlineData("test", "dev test")]
    [InlineData("all", "dev test prod")]
    public async Task A_person_chooses_how_far_a_run_is_promoted(string choice, string promoted)
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso);

        var run = await fixture.RunAsync(new()
        {
            Event = "workflow_dispatch",
            Inputs = new Dictionary<string, string> { ["promote-to"] = choice },
        });

        Assert.Equal(
            promoted,
            string.Join(' ', run.Jobs
                .Where(job => job.Key.StartsWith("promote-", StringComparison.Ordinal) && job.Value.Result == "success")
                .Select(job => job.Key["promote-".Length..])));
    }

    [Fact]
    public async Task Another_branch_is_published_and_not_promoted()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso);

        var run = await fixture.RunAsync(new() { Event = "workflow_dispatch", Reference = "refs/heads/topic" });

        Assert.Equal("build=success publish=success promote-dev=skipped promote-test=skipped promote-prod=skipped", run.ToString());
    }

    [Theory]
    [InlineData("refs/heads/main", "publish=success promote-dev=success promote-test=success promote-prod=success")]
    [InlineData("refs/heads/experimental/x/y", "publish=success promote-dev=skipped promote-test=skipped promote-prod=skipped")]
    [InlineData("refs/heads/old", "publish=success promote-dev=skipped promote-test=skipped promote-prod=skipped")]
    [InlineData("refs/heads/older", "publish=success promote-dev=success promote-test=success promote-prod=success")]
    [InlineData("refs/pull/7/merge", "publish=skipped promote-dev=skipped promote-test=skipped promote-prod=skipped")]
    public async Task All_branches_but_the_excluded_are_promoted_and_no_reference_of_a_pull_request(string reference, string expected)
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Excluded);

        var run = await fixture.RunAsync(new() { Event = "workflow_dispatch", Reference = reference });

        Assert.Equal($"build=success {expected}", run.ToString());
    }

    [Theory]
    [InlineData("refs/heads/experimental/x", "refs/*")]
    [InlineData("refs/pull/7/merge", "*")]
    [InlineData("refs/pull/7/merge", "refs/*")]
    public async Task A_release_is_not_promoted_by_what_is_excluded_or_by_a_pull_request(string reference, string branch)
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.With(SampleWorkflows.Excluded, pipeline => pipeline with
        {
            Triggers = pipeline.Triggers with { Branches = [branch] },
        }));

        var run = await fixture.RunAsync(Release("1.0.1", "all") with { Reference = reference });

        Assert.Equal("find-release=skipped promote-dev=skipped promote-test=skipped promote-prod=skipped", run.ToString());
    }

    [Theory]
    [InlineData("all", "promote-dev=success promote-test=success promote-prod=success")]
    [InlineData("prod", "promote-dev=skipped promote-test=skipped promote-prod=success")]
    public async Task An_existing_release_is_promoted_everywhere_or_to_one_environment(string environment, string expected)
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso);
        await fixture.RunAsync(new() { Event = "workflow_dispatch", Inputs = new Dictionary<string, string> { ["promote-to"] = "none" } });

        var run = await fixture.RunAsync(Release("1.0.1", environment));

        Assert.Equal($"find-release=success {expected}", run.ToString());
        Assert.Equal("1.0.1 ", await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release/release.json")));
    }

    [Fact]
    public async Task A_version_that_is_a_command_is_text()
    {
        const string hostile = "1.0.1\"; touch /tmp/hacked; echo \"$(id) ${{ github.token }} `id`";
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso);

        var run = await fixture.RunAsync(Release(hostile, "dev"));

        Assert.Equal(hostile + " ", await File.ReadAllTextAsync(Path.Combine(run.ArtifactFolder, "release/release.json")));
        Assert.False(File.Exists("/tmp/hacked"));
    }

    [Fact]
    public async Task An_unknown_environment_cannot_be_chosen()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso);

        await Assert.ThrowsAsync<WorkflowException>(() => fixture.RunAsync(Release("1.0.1", "moon")));
    }

    [Theory]
    [InlineData("artifact", null)]
    [InlineData("both", "1")]
    public async Task Images_travel_as_an_artifact(string sample, string? inBase)
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.All[sample]);

        var run = await fixture.RunAsync(new());

        Assert.Equal(Everything, run.ToString());
        Assert.Equal("1", fixture.ContentOf("contoso.azurecr.io/live"));
        Assert.Equal(inBase, fixture.ContentOf("contosobase.azurecr.io"));
    }

    [Fact]
    public async Task Each_region_has_a_job_of_its_own()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Regions);

        var run = await fixture.RunAsync(new());

        Assert.Equal(
            "build=success publish=success promote-dev=success promote-prod-west-europe=success promote-prod-east-us=success",
            run.ToString());
        Assert.Contains(
            fixture.Calls,
            call => call.StartsWith(
                "promote-prod-east-us: PromoteProd skip=true environment=prod region=east-us ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_regions_of_a_later_wave_follow_those_before()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Waves);

        var run = await fixture.RunAsync(new());

        Assert.Equal(
            "build=success publish=success promote-dev=success promote-prod-west-europe=success promote-prod-east-us=success",
            run.ToString());
        Assert.StartsWith("promote-prod-east-us: PromoteProd skip=true ", fixture.Calls[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_reaches_the_promotion_that_names_it_and_no_log()
    {
        using var fixture = await WorkflowFixture.CreateAsync(SampleWorkflows.Contoso with
        {
            Pipeline = SampleWorkflows.Contoso.Pipeline.WithEnvironment(SampleWorkflows.Test, test => test with { Secrets = ["TEST_KEY"] }),
        });

        await fixture.RunAsync(new());

        Assert.Equal(
            ["promote-test"],
            fixture.Calls.Where(call => call.EndsWith("key=yes", StringComparison.Ordinal)).Select(call => call.Split(':')[0]));
        Assert.All(fixture.Log, line => Assert.DoesNotContain("hidden", line, StringComparison.Ordinal));
    }

    private static RunRequest Release(string version, string environment) => new()
    {
        File = ".github/workflows/build.release.yml",
        Event = "workflow_dispatch",
        Inputs = new Dictionary<string, string> { ["release"] = version, ["environment"] = environment },
    };
}
