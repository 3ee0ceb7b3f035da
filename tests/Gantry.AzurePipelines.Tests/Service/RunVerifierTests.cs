using Gantry.AzurePipelines.Service;
using Gantry.AzurePipelines.Tests.Fixtures;

namespace Gantry.AzurePipelines.Tests.Service;

/// <summary>What a process claims about its run is asked for at the service.</summary>
public sealed class RunVerifierTests : IAsyncLifetime
{
    private AzureDevOpsFixture _fixture = null!;

    private static ClaimedRun Claim => new("812") { Definition = "7", Commit = "c0ffee", Environment = "prod" };

    public async Task InitializeAsync() => _fixture = await AzureDevOpsFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task A_run_in_progress_that_deploys_to_the_environment_is_confirmed()
    {
        _fixture.Project.AddRun(812);
        _fixture.Project.AddEnvironment("prod").Deployments.AddRange([(7, true), (812, false)]);

        var run = await VerifyAsync(Claim);

        Assert.Equal(("Anna", true), (run.RequestedFor, run.IsEnvironmentVerified));
        Assert.Equal($"Azure Pipelines, environment prod (run 812, confirmed by {_fixture.Client.Project})", run.ToString());
        Assert.Equal($"{_fixture.Service.Organization}Shop/_build/results?buildId=812", run.Url);
        Assert.Empty(_fixture.Service.Writes);
    }

    [Theory]
    [InlineData("there is no such run", "813", "7", "c0ffee")]
    [InlineData("it is a run of the pipeline 7", "812", "8", "c0ffee")]
    [InlineData("it is a run of another commit", "812", "7", "decade")]
    [InlineData("it is not in progress", "700", "7", "c0ffee")]
    [InlineData("its id is not a number", "812a", "7", "c0ffee")]
    public async Task Another_run_is_not_confirmed(string reason, string id, string definition, string commit)
    {
        _fixture.Project.AddRun(812);
        _fixture.Project.AddRun(700).Status = "completed";

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            VerifyAsync(new ClaimedRun(id) { Definition = definition, Commit = commit }));

        Assert.Equal("GAN4061", error.Code);
        Assert.EndsWith(reason, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_does_not_deploy_to_the_environment_now_is_not_confirmed()
    {
        _fixture.Project.AddRun(812);
        _fixture.Project.AddEnvironment("prod").Deployments.AddRange([(811, false), (812, true)]);

        Assert.Equal("GAN4062", (await Assert.ThrowsAsync<GantryException>(() => VerifyAsync(Claim))).Code);
    }

    [Fact]
    public async Task An_environment_that_the_token_may_not_read_stays_a_claim()
    {
        _fixture.Project.AddRun(812);

        var run = await VerifyAsync(Claim);

        Assert.False(run.IsEnvironmentVerified);
        Assert.Contains("environment prod as the job claims (run 812, confirmed by", run.ToString(), StringComparison.Ordinal);
    }

    private Task<VerifiedRun> VerifyAsync(ClaimedRun claim) => new RunVerifier(_fixture.Client).VerifyAsync(claim, CancellationToken.None);
}
