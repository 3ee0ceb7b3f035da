using Gantry.AzurePipelines.Service;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Versioning;
using Gantry.Promotion;

namespace Gantry.Nuke.Tests.Execution;

public sealed class BuildRunTests
{
    [Fact]
    public void A_run_of_Azure_Pipelines_is_a_claim()
    {
        var run = BuildRun.From(new Dictionary<string, string>
        {
            ["BUILD_BUILDID"] = "4711",
            ["BUILD_REQUESTEDFOR"] = "Anna Álvarez",
            ["SYSTEM_DEFINITIONID"] = "7",
            ["ENVIRONMENT_NAME"] = "",
        });

        Assert.Equal(new ClaimedRun("4711") { Definition = "7" }, run.Claim);
        Assert.Equal(
            PromotionActor.LocalUser with { Claims = "to run in Azure Pipelines run 4711, requested by Anna Álvarez" },
            run.ActorOf(confirmed: null));
    }

    [Fact]
    public void A_run_of_GitHub_Actions_is_a_claim()
    {
        var run = BuildRun.From(new Dictionary<string, string>
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_RUN_ID"] = "812",
            ["GITHUB_SHA"] = "8674018",
            ["GITHUB_WORKFLOW_REF"] = "contoso/shop/.github/workflows/build.yml@refs/heads/main",
            ["GANTRY_GITHUB_ENVIRONMENT"] = "prod",
        });

        Assert.Equal(
            new GitHubActions.Service.ClaimedRun("812")
            {
                Commit = "8674018",
                Workflow = "contoso/shop/.github/workflows/build.yml@refs/heads/main",
                Environment = "prod",
            },
            run.GitHubClaim);
        Assert.Null(run.Claim);
    }

    [Fact]
    public void A_run_that_the_service_confirmed_has_the_requester_that_the_service_names()
    {
        var run = BuildRun.From(new Dictionary<string, string> { ["BUILD_BUILDID"] = "4711", ["BUILD_REQUESTEDFOR"] = "the CEO" });
        var confirmed = new VerifiedRun
        {
            Id = "4711",
            Project = AzureDevOpsProject.Parse("contoso", "Web Shop"),
            RequestedFor = "Anna Álvarez",
            Branch = "refs/heads/release/1.4",
        };

        Assert.Equal(
            new PromotionActor
            {
                Name = "Anna Álvarez",
                RunId = "4711",
                RunUrl = "https://dev.azure.com/contoso/Web%20Shop/_build/results?buildId=4711",
            },
            run.ActorOf(ConfirmedRun.Of(confirmed)));
        Assert.Equal("release/1.4", BuildRun.BranchOf(ConfirmedRun.Of(confirmed)));
        Assert.Equal("refs/tags/v1", BuildRun.BranchOf(ConfirmedRun.Of(confirmed with { Branch = "refs/tags/v1" })));
        Assert.Null(BuildRun.BranchOf(confirmed: null));
    }

    [Theory]
    [InlineData("TF_BUILD=True", "to run in Azure Pipelines")]
    [InlineData("GITHUB_ACTIONS=true;GITHUB_RUN_ID=812;GITHUB_ACTOR=anna", "to run in GitHub Actions run 812, requested by anna")]
    [InlineData("GITLAB_CI=true;CI_JOB_ID=7", "to run in GitLab CI job 7")]
    [InlineData("TEAMCITY_VERSION=2026.1;BUILD_NUMBER=12", "to run in TeamCity build 12")]
    [InlineData("JENKINS_URL=https://jenkins;BUILD_TAG=shop-7", "to run in Jenkins build shop-7")]
    public void Any_build_system_is_a_claim(string variables, string claims) =>
        Assert.Equal(
            PromotionActor.LocalUser with { Claims = claims },
            BuildRun.From(variables.Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]))
                .ActorOf(confirmed: null));

    [Theory]
    [InlineData("812;x")]
    [InlineData("eyJ0eXAiOiJKV1QifQ.secret")]
    public void A_build_id_that_is_no_number_is_refused_without_it(string id)
    {
        var error = Assert.Throws<GantryException>(() => BuildRun.From(new Dictionary<string, string> { ["BUILD_BUILDID"] = id }));

        Assert.Equal("GAN4065", error.Code);
        Assert.DoesNotContain(id, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_developers_machine_has_no_run()
    {
        var run = BuildRun.From(new Dictionary<string, string>());

        Assert.Equal(new BuildRun(), run);
        Assert.Equal(PromotionActor.LocalUser, run.ActorOf(confirmed: null));
    }

    [Theory]
    [InlineData("1700000000", 1_700_000_000)]
    [InlineData("", 1_600_000_000)]
    public void The_source_date_is_that_of_the_commit_unless_a_variable_sets_it(string said, long expected) =>
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(expected),
            SourceDate.Of(
                new SourceRevision { CommitTime = DateTimeOffset.FromUnixTimeSeconds(1_600_000_000) },
                new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = said }));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("-1")]
    [InlineData("99999999999999999")]
    public void An_invalid_source_date_is_refused(string said) =>
        Assert.Equal("GAN7004", Assert.Throws<GantryException>(() =>
            SourceDate.Of(new SourceRevision(), new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = said })).Code);
}
