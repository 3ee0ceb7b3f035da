using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.GitHubActions.Service;
using Gantry.Testing.GitHub;

namespace Gantry.GitHubActions.Tests.Service;

public sealed class RunVerifierTests : IAsyncLifetime
{
    private const string Commit = "86740180842d";

    private static readonly ClaimedRun s_claim = new("812")
    {
        Commit = Commit,
        Workflow = "contoso/shop/.github/workflows/build.yml@refs/heads/main",
        Reference = "refs/heads/main",
        Environment = "prod",
    };

    private FakeGitHub _github = null!;

    public async Task InitializeAsync()
    {
        _github = await FakeGitHub.StartAsync();
        _github.Runs["812"] = new FakeRun(Commit);
        _github.Runs["813"] = new FakeRun(Commit) { Status = "completed" };
        _github.Deployments.Add(new(1, "prod", Commit, "811", "queued", "in_progress", "success"));
        _github.Deployments.Add(new(2, "prod", Commit, "812", "waiting", "queued", "in_progress"));
        _github.Environments["prod"] = new FakeEnvironment
        {
            Reviewers = [new("Team", "contoso/release", 7)],
            PreventSelfReview = true,
            Policy = "custom",
            Patterns = { new(1, "main", "branch") },
        };
        _github.Environments["dev"] = new FakeEnvironment();
    }

    public Task DisposeAsync() => _github.DisposeAsync().AsTask();

    [Fact]
    public async Task A_run_that_deploys_now_holds_the_gates_of_its_environment()
    {
        var run = await VerifyAsync(s_claim);

        Assert.Equal("anna", run.RequestedFor);
        Assert.Equal("refs/heads/main", run.Branch);
        Assert.Equal("https://github.com/contoso/shop/actions/runs/812", run.Url);
        Assert.True(run.IsEnvironmentVerified);
        Assert.StartsWith("GitHub Actions, environment prod (run 812 of contoso/shop", run.ToString(), StringComparison.Ordinal);
        Assert.Null(run.FindGap(Gate.Approval("@contoso/release")));
        Assert.Null(run.FindGap(Gate.OnlyBranches("main")));
    }

    [Theory]
    [InlineData("refs/heads/main", "main", "refs/heads/main", "refs/heads/main")]
    [InlineData("refs/heads/release/1", "release/1", "refs/heads/release/1", "refs/heads/release/1")]
    [InlineData("refs/tags/v1.2.0", "v1.2.0", "refs/tags/v1.2.0", "refs/tags/v1.2.0")]
    [InlineData("refs/tags/release/1", "release/1", "refs/tags/release/1", "refs/tags/release/1")]
    [InlineData("a tag that is claimed to be a branch", "v1.2.0", "refs/heads/v1.2.0", null, "refs/tags/v1.2.0")]
    [InlineData("a branch that is claimed to be a tag", "main", "refs/tags/main", null)]
    [InlineData("a tag with the name of a branch", "main", "refs/heads/main", null, "refs/heads/main", "refs/tags/main")]
    [InlineData("a branch with the name of a tag", "main", "refs/tags/main", null, "refs/heads/main", "refs/tags/main")]
    [InlineData("another branch", "feature", "refs/heads/main", null)]
    [InlineData("a pull request", "feature", "refs/pull/7/merge", null)]
    [InlineData("no claim", "main", null, null)]
    public async Task A_branch_and_a_tag_are_not_confused(
        string what, string head, string? claimed, string? confirmed, params string[] references)
    {
        Assert.NotEmpty(what);
        _github.Runs["812"] = new FakeRun(Commit) { Branch = head };
        _github.References.UnionWith(references);
        if (confirmed?.StartsWith("refs/tags/", StringComparison.Ordinal) == true)
            _github.References.Add(confirmed);

        Assert.Equal(confirmed, (await VerifyAsync(s_claim with { Reference = claimed })).Branch);
    }

    [Fact]
    public async Task Without_the_right_to_read_tags_the_branch_is_not_known()
    {
        _github.Denied.Add("git");

        Assert.Null((await VerifyAsync(s_claim)).Branch);
    }

    [Theory]
    [InlineData("GAN9120", "the number", "812x")]
    [InlineData("GAN9120", "there is no such run", "900")]
    [InlineData("GAN9120", "not in progress", "813")]
    public async Task Another_run_is_not_confirmed(string code, string reason, string id)
    {
        var error = await FailsAsync(s_claim with { Id = id });

        Assert.Equal(code, error.Code);
        Assert.Contains(reason.Replace("the number", "not a number", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_another_commit_is_not_confirmed() =>
        Assert.Contains("another commit", (await FailsAsync(s_claim with { Commit = "decade" })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_run_of_another_workflow_is_not_confirmed() => Assert.Contains(
        ".github/workflows/build.yml",
        (await FailsAsync(s_claim with { Workflow = "contoso/shop/.github/workflows/other.yml@refs/heads/main" })).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("waiting")]
    [InlineData("success")]
    [InlineData("failure")]
    public async Task A_run_that_does_not_deploy_now_is_not_confirmed(string state)
    {
        _github.Deployments[^1] = new(2, "prod", Commit, "812", state);

        Assert.Equal("GAN9121", (await FailsAsync(s_claim)).Code);
    }

    [Fact]
    public async Task A_deployment_of_another_run_does_not_count()
    {
        _github.Deployments[^1] = new(2, "prod", Commit, "8120", "in_progress");

        Assert.Equal("GAN9121", (await FailsAsync(s_claim)).Code);
    }

    [Fact]
    public async Task Without_the_right_to_read_deployments_the_environment_stays_a_claim()
    {
        _github.Denied.Add("deployments");

        var run = await VerifyAsync(s_claim);

        Assert.False(run.IsEnvironmentVerified);
        Assert.Contains("environment prod as the job claims", run.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prod", false, "GitHub has no such gate")]
    [InlineData("dev", true, "has no required reviewers")]
    [InlineData("new", true, "cannot be read")]
    public async Task A_gate_that_the_environment_does_not_have_is_not_held(string environment, bool approval, string gap)
    {
        _github.Deployments.Add(new(3, environment, Commit, "812", "in_progress"));

        var run = await VerifyAsync(s_claim with { Environment = environment });

        Assert.Contains(
            gap,
            run.FindGap(approval ? Gate.Approval("@contoso/release") : Gate.RestCheck("health", "contoso", "/")),
            StringComparison.Ordinal);
    }

    public static TheoryData<string, Gate, Action<FakeEnvironment>> OtherRules => new()
    {
        { "are @release, and not @anna", Gate.Approval("@anna"), _ => { } },
        { "are @release, and not @release", Gate.Approval("@release"), _ => { } },
        { "are @release, and not @contoso/release", Gate.Approval(["@contoso/release", "@anna"]), _ => { } },
        { "are @release, @ben, and not @contoso/release", Gate.Approval("@contoso/release"),
            prod => prod.Reviewers = [.. prod.Reviewers, new("User", "ben", 9)] },
        { "no Approvers of a workflow say who [Contoso]\\Other is", Gate.Approval("[Contoso]\\Other"), _ => { } },
        { "people may approve what they started", Gate.Approval("@contoso/release"), prod => prod.PreventSelfReview = false },
        { "accepts every branch", Gate.OnlyBranches("main"), prod => prod.Policy = null },
        { "accepts none, and not branch main", Gate.OnlyBranches("main"), prod => prod.Patterns.Clear() },
        { "accepts branch *, and not branch main", Gate.OnlyBranches("main"), prod => prod.Patterns[0] = new(1, "*", "branch") },
        { "accepts tag main, and not branch main", Gate.OnlyBranches("main"), prod => prod.Patterns[0] = new(1, "main", "tag") },
        { "accepts protected branches, and not branch main", Gate.OnlyBranches("main"), prod => prod.Policy = "protected" },
        { "accepts branch main, and not protected branches", Gate.OnlyBranches("*"), _ => { } },
    };

    [Theory]
    [MemberData(nameof(OtherRules))]
    public async Task Rules_that_are_others_than_the_gate_hold_nothing(string gap, Gate gate, Action<FakeEnvironment> change)
    {
        change(_github.Environments["prod"]);

        Assert.Contains(gap, (await VerifyAsync(s_claim)).FindGap(gate), StringComparison.Ordinal);
    }

    public static TheoryData<Gate, Action<FakeEnvironment>> SameRules => new()
    {
        { Gate.Approval(["[Contoso]\\Release", "@Contoso/Release"]), _ => { } },
        { Gate.Approval("@contoso/release") with { RequesterMayApprove = true }, prod => prod.PreventSelfReview = false },
        { Gate.OnlyBranches("main", "refs/tags/v*"), _ => { } },
        { Gate.OnlyBranches("*"), prod => prod.Policy = "protected" },
        { Gate.OnlyBranches("*") with { RequireProtection = false }, prod => prod.Policy = null },
    };

    [Theory]
    [MemberData(nameof(SameRules))]
    public async Task Rules_of_the_gate_hold_it(Gate gate, Action<FakeEnvironment> change)
    {
        change(_github.Environments["prod"]);

        Assert.Null((await VerifyAsync(s_claim)).FindGap(gate));
    }

    [Fact]
    public async Task An_environment_that_accepts_every_branch_does_not_hold_a_branch_gate()
    {
        _github.Environments["prod"].Policy = null;

        Assert.Contains(
            "accepts every branch", (await VerifyAsync(s_claim)).FindGap(Gate.OnlyBranches("main")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_GitHub_does_not_accept_confirms_nothing() =>
        Assert.Equal("GAN9103", (await FailsAsync(s_claim, token: "wrong")).Code);

    [Theory]
    [InlineData(403, "GAN9104")]
    [InlineData(404, "GAN9120")]
    [InlineData(422, "GAN9109")]
    public async Task A_refusal_is_a_coded_error(int status, string code)
    {
        _github.Intercept = _ => new(status, """{"message":"no"}""");

        Assert.Equal(code, (await FailsAsync(s_claim)).Code);
    }

    [Theory]
    [InlineData("""{"status":"in_progress","head_sha":7}""")]
    [InlineData("[]")]
    [InlineData("<html>", "text/html")]
    public async Task An_answer_of_another_form_is_a_coded_error(string body, string type = "application/json")
    {
        _github.Intercept = _ => new(200, body, type);

        Assert.Equal("GAN9108", (await FailsAsync(s_claim)).Code);
    }

    private async Task<GantryException> FailsAsync(ClaimedRun claim, string? token = null) =>
        await Assert.ThrowsAsync<GantryException>(() => VerifyAsync(claim, token));

    private async Task<VerifiedRun> VerifyAsync(ClaimedRun claim, string? token = null)
    {
        var variables = new Dictionary<string, string>
        {
            ["GITHUB_API_URL"] = _github.Api,
            ["GITHUB_REPOSITORY"] = _github.Repository,
            ["GITHUB_TOKEN"] = token ?? _github.Token,
        };
        using var client = new GitHubClient(
            GitHubRepository.Find(null, variables, null), GitHubToken.OfJob(variables)!, TimeProvider.System);
        var verifier = new RunVerifier(client)
        {
            Approvers = new Dictionary<string, string> { [@"[Contoso]\Release"] = "@contoso/release" },
        };
        return await verifier.VerifyAsync(claim, CancellationToken.None);
    }
}
