using Gantry.GitHubActions.Service;
using Gantry.Promotion;
using Gantry.Testing.GitHub;

namespace Gantry.GitHubActions.Tests.Service;

public sealed class ApprovalReaderTests : IAsyncLifetime
{
    private const string Commit = "86740180842d";

    private FakeGitHub _github = null!;

    public async Task InitializeAsync()
    {
        _github = await FakeGitHub.StartAsync();
        _github.Runs["812"] = new FakeRun(Commit)
        {
            Reviews =
            {
                new("ben", "Ship it", "approved", "prod", "test"),
                new("cleo", "not yet", "rejected", "prod"),
                new("dora", "", "approved", "test"),
            },
        };
        _github.Deployments.Add(new(2, "prod", Commit, "812", "in_progress"));
        _github.Environments["prod"] = new FakeEnvironment();
    }

    public Task DisposeAsync() => _github.DisposeAsync().AsTask();

    [Fact]
    public async Task Approvals_of_the_environment_are_read()
    {
        var read = await ReadAsync();

        Assert.Null(read.Problem);
        Assert.Equal(new RecordedApproval { By = "ben", Comment = "Ship it" }, Assert.Single(read.Given));
    }

    [Fact]
    public async Task Of_a_repeated_run_nothing_is_read_because_the_attempt_is_not_known()
    {
        _github.Runs["812"] = _github.Runs["812"] with { Attempt = 2 };

        var read = await ReadAsync();

        Assert.Empty(read.Given);
        Assert.Contains("to which attempt", read.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_said_and_is_no_error()
    {
        _github.Intercept = request => request.Path.EndsWith("/approvals", StringComparison.Ordinal)
            ? new(403, """{"message":"Resource not accessible by integration"}""")
            : null;

        var read = await ReadAsync();

        Assert.Empty(read.Given);
        Assert.StartsWith("its approvals could not be read: ", read.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_environment_that_stays_a_claim_nothing_is_read()
    {
        _github.Denied.Add("deployments");

        Assert.Contains("deployments", (await ReadAsync()).Problem, StringComparison.Ordinal);
    }

    private async Task<ServiceApprovals> ReadAsync()
    {
        var variables = new Dictionary<string, string>
        {
            ["GITHUB_API_URL"] = _github.Api,
            ["GITHUB_REPOSITORY"] = _github.Repository,
            ["GITHUB_TOKEN"] = _github.Token,
        };
        using var client = new GitHubClient(
            GitHubRepository.Find(null, variables, null), GitHubToken.OfJob(variables)!, TimeProvider.System);
        var run = await new RunVerifier(client).VerifyAsync(
            new ClaimedRun("812") { Commit = Commit, Environment = "prod" }, CancellationToken.None);
        return await new ApprovalReader(client).ReadAsync(run, CancellationToken.None);
    }
}
