using Gantry.AzurePipelines;
using Gantry.Environments;
using Gantry.GitHubActions.Provisioning;
using Gantry.GitHubActions.Service;
using Gantry.GitHubActions.Tests.Fixtures;
using Gantry.Testing.GitHub;

namespace Gantry.GitHubActions.Tests.Provisioning;

/// <summary>The environments of GitHub are brought to what is declared, and never made weaker without a reason.</summary>
public sealed class ProvisioningTests : IAsyncLifetime
{
    private FakeGitHub _github = null!;

    public async Task InitializeAsync()
    {
        _github = await FakeGitHub.StartAsync();
        _github.Accounts["contoso/qa"] = 3;
        _github.Accounts["contoso/release"] = 4;
        _github.Accounts["anna"] = 5;
    }

    public Task DisposeAsync() => _github.DisposeAsync().AsTask();

    [Fact]
    public async Task A_first_run_creates_what_is_declared_and_a_second_changes_nothing()
    {
        var plan = await PlanAsync(SampleWorkflows.Contoso);
        Assert.Equal(
            [
                "Create the environment dev",
                "Create the environment test",
                "  required reviewers: none -> @contoso/qa",
                "  approval of an own run: yes -> no",
                "Create the environment prod",
                "  required reviewers: none -> @contoso/release",
                "  approval of an own run: yes -> no",
                "  wait timer: none -> 1 day",
                "  branches: all -> branch main, tag v*",
            ],
            plan.Describe());
        Assert.Empty(_github.Writes);

        await ApplyAsync(plan);

        Assert.Equal(
            [
                "PUT environments/dev", "PUT environments/test", "PUT environments/prod",
                "POST environments/prod/deployment-branch-policies", "POST environments/prod/deployment-branch-policies",
            ],
            _github.Writes);
        var prod = _github.Environments["prod"];
        Assert.Equal((1440, true, "custom"), (prod.WaitTimer, prod.PreventSelfReview, prod.Policy));
        Assert.Equal([new FakeReviewer("Team", "contoso/release", 4)], prod.Reviewers);
        Assert.Equal(["branch main", "tag v*"], prod.Patterns.Select(pattern => $"{pattern.Type} {pattern.Name}"));
        Assert.True((await PlanAsync(SampleWorkflows.Contoso)).ChangesNothing);
    }

    [Theory]
    [InlineData("reviewers")]
    [InlineData("self-review")]
    [InlineData("wait")]
    [InlineData("branches")]
    [InlineData("protected branches")]
    [InlineData("another branch")]
    public async Task What_protects_less_needs_a_reason(string what)
    {
        await ApplyAsync(await PlanAsync(Declare(Protected())));
        var prod = _github.Environments["prod"];
        switch (what)
        {
            case "reviewers": prod.Reviewers = [new("User", "anna", 5)]; break;
            case "self-review": break;
            case "wait": prod.WaitTimer = 5000; break;
            case "protected branches": prod.Policy = "protected"; prod.Patterns.Clear(); break;
            case "another branch": prod.Patterns.RemoveAt(1); break;
        }

        var weaker = what switch
        {
            "self-review" => Protected(Gate.Approval("@contoso/release") with { RequesterMayApprove = true }),
            "branches" => Protected(branches: false),
            _ => Protected(),
        };
        var plan = await PlanAsync(Declare(weaker));
        var writes = _github.Writes.Count;

        Assert.NotEmpty(plan.Weakenings);
        Assert.Equal("GAN9110", (await Assert.ThrowsAsync<GantryException>(() => ApplyAsync(plan))).Code);
        Assert.Equal(writes, _github.Writes.Count);
        await ApplyAsync(plan, "the team decided so");
        Assert.True((await PlanAsync(Declare(weaker))).ChangesNothing);
    }

    [Fact]
    public async Task What_protects_more_needs_none()
    {
        _github.Environments["prod"] = new FakeEnvironment
        {
            Reviewers = [new("Team", "contoso/release", 4), new("User", "anna", 5)],
            Policy = "custom",
        };
        _github.Environments["prod"].Patterns.AddRange([new(1, "main", "branch"), new(2, "*", "branch"), new(3, "v*", "tag")]);

        var plan = await PlanAsync(Declare(Protected()));
        Assert.Empty(plan.Weakenings);
        await ApplyAsync(plan);

        Assert.Equal(["main", "v*"], _github.Environments["prod"].Patterns.Select(pattern => pattern.Name));
        Assert.Contains("DELETE environments/prod/deployment-branch-policies/*", _github.Writes);
    }

    [Fact]
    public async Task A_new_pattern_is_there_before_an_old_one_goes()
    {
        _github.Environments["prod"] = new FakeEnvironment { Policy = "custom" };
        _github.Environments["prod"].Patterns.Add(new(1, "old", "branch"));
        var fewest = int.MaxValue;
        _github.OnWriting = _ => fewest = Math.Min(fewest, _github.Environments["prod"].Patterns.Count);

        await ApplyAsync(await PlanAsync(Declare(new PromotionEnvironment("prod") { Gates = [Gate.OnlyBranches("main")] })), "renamed");

        Assert.Equal(1, fewest);
        Assert.Equal(["main"], _github.Environments["prod"].Patterns.Select(pattern => pattern.Name));
    }

    [Fact]
    public async Task A_pattern_that_a_lost_request_has_made_is_as_good()
    {
        var lost = false;
        _github.OnWriting = write =>
        {
            if (!lost && write.StartsWith("POST", StringComparison.Ordinal))
                _github.Environments["prod"].Patterns.Add(new(1, "main", "branch"));
            lost |= write.StartsWith("POST", StringComparison.Ordinal);
        };

        await ApplyAsync(await PlanAsync(Declare(Protected())));

        Assert.True(lost);
        Assert.Equal(["main", "v*"], _github.Environments["prod"].Patterns.Select(pattern => pattern.Name));
    }

    [Fact]
    public async Task A_soak_time_that_the_promotion_alone_verifies_sets_no_wait_timer()
    {
        var declaration = SampleWorkflows.Contoso.WithEnvironment(SampleWorkflows.Prod, prod => prod with { UseWaitTimer = false });

        await ApplyAsync(await PlanAsync(declaration));

        Assert.Equal(0, _github.Environments["prod"].WaitTimer);
        Assert.True((await PlanAsync(declaration)).ChangesNothing);
    }

    [Fact]
    public async Task Approvers_that_are_one_team_are_one_reviewer()
    {
        var declaration = Declare(Protected(Gate.Approval(["@contoso/qa", @"[Contoso]\QA"])));

        await ApplyAsync(await PlanAsync(declaration));

        Assert.Equal([new FakeReviewer("Team", "contoso/qa", 3)], _github.Environments["prod"].Reviewers);
        Assert.True((await PlanAsync(declaration)).ChangesNothing);
    }

    [Fact]
    public async Task An_environment_that_changed_meanwhile_is_not_overwritten()
    {
        var plan = await PlanAsync(Declare(Protected()));
        _github.Environments["prod"] = new FakeEnvironment { WaitTimer = 7 };

        Assert.Equal("GAN9112", (await Assert.ThrowsAsync<GantryException>(() => ApplyAsync(plan))).Code);
        Assert.Empty(_github.Writes);
    }

    [Fact]
    public async Task A_reviewer_that_does_not_exist_is_named() => Assert.Contains(
        "no user @ben",
        (await Assert.ThrowsAsync<GantryException>(() => PlanAsync(Declare(Protected(Gate.Approval("@ben")))))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_gate_that_GitHub_cannot_hold_is_not_provisioned()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => PlanAsync(Declare(Protected(Gate.Approval(["@anna", "@ben"], 2)))));

        Assert.Equal("GAN8201", error.Code);
    }

    [Fact]
    public async Task A_token_without_the_right_changes_nothing()
    {
        _github.Denied.Add("environments");

        Assert.Equal("GAN9104", (await Assert.ThrowsAsync<GantryException>(() => PlanAsync(SampleWorkflows.Contoso))).Code);
    }

    [Fact]
    public async Task Other_environments_stay()
    {
        _github.Environments["staging-of-others"] = new FakeEnvironment { WaitTimer = 3 };

        await ApplyAsync(await PlanAsync(SampleWorkflows.Contoso));

        Assert.Equal(3, _github.Environments["staging-of-others"].WaitTimer);
    }

    private static PromotionEnvironment Protected(ApprovalGate? approval = null, bool branches = true) => new("prod")
    {
        Gates =
        [
            approval ?? Gate.Approval("@contoso/release"),
            .. branches ? [Gate.OnlyBranches("main", "refs/tags/v*")] : Array.Empty<Gate>(),
        ],
    };

    private static WorkflowDeclaration Declare(PromotionEnvironment environment) => SampleWorkflows.With(
        SampleWorkflows.Contoso, pipeline => pipeline with { Environments = [new PipelineEnvironment(environment)] });

    private async Task<EnvironmentPlan> PlanAsync(WorkflowDeclaration declaration)
    {
        using var client = Client();
        return await new EnvironmentProvisioner(client).PlanAsync(declaration, CancellationToken.None);
    }

    private async Task ApplyAsync(EnvironmentPlan plan, string? reason = null)
    {
        using var client = Client();
        await new EnvironmentProvisioner(client).ApplyAsync(plan, reason, _ => { }, CancellationToken.None);
    }

    private GitHubClient Client()
    {
        var variables = new Dictionary<string, string> { ["GITHUB_API_URL"] = _github.Api, ["GH_TOKEN"] = _github.Token };
        return new(GitHubRepository.Find(_github.Repository, variables, null), GitHubToken.Find(null, variables), TimeProvider.System);
    }
}
