using System.Text.Json;
using Gantry.Promotion;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Gantry.Testing.GitHub;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests;

/// <summary>The build as a runner of GitHub Actions runs it: its variables and files, and no prompts.</summary>
[Collection(nameof(RepositoryClone))]
public sealed class GitHubActionsTests(RepositoryClone clone) : IAsyncLifetime
{
    private const string Commit = "c0ffee";

    private readonly string _registry = $"artifacts/runner/{Guid.NewGuid():n}";
    private readonly TempFolder _files = new();
    private FakeGitHub _github = null!;

    private string[] PromoteTest => ["PromoteTest", "--skip", "--test-registry", "oci:" + _registry];

    // The run 812 deploys to test, which has reviewers.
    public async Task InitializeAsync()
    {
        await clone.PromoteDevAsync();
        _github = await FakeGitHub.StartAsync();
        _github.Runs["812"] = new FakeRun(Commit) { Actor = "bea" };
        _github.Environments["test"] = new FakeEnvironment { Reviewers = [new("Team", "contoso/qa", 3)] };
        _github.Deployments.Add(new(1, "test", Commit, "812", "waiting", "in_progress"));
    }

    public async Task DisposeAsync()
    {
        await _github.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task A_found_release_is_an_output_of_the_step_and_in_its_summary()
    {
        var run = await RunAsync(["FindRelease"], ("Release", "1.2.0"));

        Assert.True(run.ExitCode == 0, run.Output);
        using var release = JsonDocument.Parse(File.ReadAllBytes(clone.PathOf("artifacts/release.json")));
        var digest = release.RootElement.GetProperty("images")[0].GetProperty("digest").GetString();
        Assert.Contains("version=1.2.0", Outputs);
        Assert.Contains($"digest={digest}", Outputs);
        Assert.StartsWith("## Release 1.2.0\n", await File.ReadAllTextAsync(_files.Combine("summary")), StringComparison.Ordinal);

        var other = await RunAsync(["FindRelease"], ("Release", "1.2.0"), ("ReleaseDigest", "sha256:" + new string('0', 64)));
        Assert.NotEqual(0, other.ExitCode);
        Assert.Contains("::error title=GAN4050::GAN4050: ", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_answers_for_the_gates_is_recorded_with_the_confirmed_run()
    {
        var run = await RunAsync([.. PromoteTest, "--approve", "seen"]);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.DoesNotContain("::error", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(_github.Token, run.Output, StringComparison.Ordinal);
        var record = await RecordAsync();
        Assert.Equal(
            ("bea", "812", "https://github.com/contoso/shop/actions/runs/812", null),
            (record.By.Name, record.By.RunId, record.By.RunUrl, record.By.Claims));
        Assert.Equal(GateVerdict.Approved, record.Gates.Single().Verdict);
    }

    // The class of this repository has no workflow, which would say who its approvers are in GitHub.
    [Fact]
    public async Task Reviewers_that_nothing_compares_with_the_approvers_hold_no_approval()
    {
        var run = await RunAsync(PromoteTest);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("::error title=GAN9123::GAN9123: ", run.Output, StringComparison.Ordinal);
        Assert.Contains(@"no Approvers of a workflow say who [Contoso]\QA is in GitHub", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clone.PathOf(_registry)));
    }

    [Theory]
    [InlineData("GAN9122", "GITHUB_TOKEN", "")]
    [InlineData("GAN9120", "GITHUB_RUN_ID", "813")]
    [InlineData("GAN9120", "GITHUB_SHA", "decade")]
    [InlineData("GAN9120", "GITHUB_WORKFLOW_REF", "contoso/shop/.github/workflows/other.yml@refs/heads/main")]
    [InlineData("GAN9121", "GANTRY_GITHUB_ENVIRONMENT", "prod")]
    [InlineData("GAN9125", "GANTRY_GITHUB_ENVIRONMENT", "")]
    [InlineData("GAN9101", "GITHUB_API_URL", "http://api.github.test")]
    [InlineData("GAN9103", "GITHUB_TOKEN", "wrong")]
    [InlineData("GAN4065", "GITHUB_RUN_ID", "812x")]
    public async Task A_claim_that_GitHub_does_not_confirm_passes_no_gate(string code, string variable, string value)
    {
        var run = await RunAsync(PromoteTest, (variable, value));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"::error title={code}::{code}: ", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clone.PathOf(_registry)));
    }

    [Fact]
    public async Task An_environment_without_reviewers_holds_no_approval()
    {
        _github.Environments["test"].Reviewers = [];

        var run = await RunAsync(PromoteTest);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("::error title=GAN9123::GAN9123: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("has no required reviewers", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(clone.PathOf(_registry)));

        // A person may answer for it, and is recorded.
        Assert.Equal(0, (await RunAsync([.. PromoteTest, "--approve", "seen"])).ExitCode);
        Assert.Equal(GateVerdict.Approved, (await RecordAsync()).Gates.Single().Verdict);
    }

    [Fact]
    public async Task An_environment_whose_deployments_are_hidden_is_a_claim()
    {
        _github.Denied.Add("deployments");

        var run = await RunAsync(PromoteTest);

        Assert.Contains("::warning title=GAN9124::GAN9124: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("environment test as the job claims", run.Output, StringComparison.Ordinal);
    }

    private string[] Outputs => File.ReadAllLines(_files.Combine("output"));

    private Task<PromotionRecord> RecordAsync() => SignedRecords.ReadOnlyAsync(clone, _registry);

    private Task<BuildRun> RunAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_ACTOR"] = "anna",
            ["GITHUB_API_URL"] = _github.Api,
            ["GITHUB_OUTPUT"] = _files.Combine("output"),
            ["GITHUB_REPOSITORY"] = _github.Repository,
            ["GITHUB_RUN_ID"] = "812",
            ["GITHUB_SHA"] = Commit,
            ["GITHUB_STEP_SUMMARY"] = _files.Combine("summary"),
            ["GITHUB_TOKEN"] = _github.Token,
            ["GITHUB_WORKFLOW_REF"] = $"{_github.Repository}/.github/workflows/build.yml@refs/heads/main",
            ["GANTRY_GITHUB_ENVIRONMENT"] = "test",
        };
        foreach (var (name, value) in variables)
            environment[name] = value;
        return RepositoryClone.BuildInAsync(clone.Root, environment, arguments);
    }
}
