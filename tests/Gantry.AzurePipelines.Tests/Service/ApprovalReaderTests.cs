using System.Net.Mime;
using Gantry.AzurePipelines.Service;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Promotion;
using Gantry.Testing.AzureDevOps;
using Microsoft.AspNetCore.Http;

namespace Gantry.AzurePipelines.Tests.Service;

/// <summary>The approvals of a run are those that the service says this attempt of the stage waited for, of this environment.</summary>
public sealed class ApprovalReaderTests : IAsyncLifetime
{
    private AzureDevOpsFixture _fixture = null!;
    private FakeEnvironment _prod = null!;
    private FakeStage _stage = null!;

    private static FakeApprovalStep OfAnna => new(@"[Contoso]\Release", "Anna", "looks good");

    public async Task InitializeAsync()
    {
        _fixture = await AzureDevOpsFixture.StartAsync();
        _fixture.Project.AddRun(812);
        _prod = _fixture.Project.AddEnvironment("prod");
        _stage = _fixture.Project.AddStage(812, "Prod", _prod);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task The_person_the_group_the_time_and_the_comment_are_read()
    {
        _stage.AddApproval("environment", _prod.Id, new FakeApprovalStep("Ben", "Ben") { At = "2026-01-02T09:00:00Z" }, OfAnna);

        var read = await ReadAsync();

        Assert.Null(read.Problem);
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        Assert.Equal(
            [
                new RecordedApproval { By = "Anna", Group = @"[Contoso]\Release", At = at, Comment = "looks good" },
                new RecordedApproval { By = "Ben", At = new DateTimeOffset(2026, 1, 2, 9, 0, 0, TimeSpan.Zero) },
            ],
            read.Given);
        Assert.Empty(_fixture.Service.Writes);
    }

    [Fact]
    public async Task Several_approvals_are_read_over_all_pages()
    {
        for (var i = 0; i < 5; i++)
            _stage.AddApproval("environment", _prod.Id, OfAnna with { Actual = $"Anna {i}" });

        Assert.Equal(5, (await ReadAsync()).Given.Count);
        Assert.Equal(3, _fixture.Service.Requests.Count(request => request.Contains("/approvals?", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Approvals_of_another_stage_resource_or_run_are_not_taken()
    {
        var test = _fixture.Project.AddEnvironment("test");
        _stage.AddApproval("endpoint", _prod.Id, OfAnna);
        _stage.AddApproval("environment", test.Id, OfAnna);
        _fixture.Project.AddStage(812, "Test", test).AddApproval("environment", _prod.Id, OfAnna);
        _fixture.Project.AddStage(811, "Prod", test).AddApproval("environment", _prod.Id, OfAnna);

        var read = await ReadAsync();

        Assert.Empty(read.Given);
        Assert.Equal("the service has no approval of this attempt", read.Problem);
    }

    [Fact]
    public async Task Approvals_of_an_earlier_attempt_are_not_taken()
    {
        _stage.AddApproval("environment", _prod.Id, OfAnna);
        _prod.Deployments[0] = (812, true);
        _fixture.Project.AddStage(812, "Prod", _prod, attempt: 2).AddApproval("environment", _prod.Id, OfAnna with { Actual = "Ben" });

        Assert.Equal("Ben", Assert.Single((await ReadAsync()).Given).By);
    }

    [Fact]
    public async Task A_claimed_stage_only_chooses_between_those_that_the_service_confirms()
    {
        _stage.AddApproval("environment", _prod.Id, OfAnna);
        _fixture.Project.AddStage(812, "Other", _prod).AddApproval("environment", _prod.Id, OfAnna with { Actual = "Ben" });

        Assert.Equal("Ben", Assert.Single((await ReadAsync("other")).Given).By);
        Assert.Equal("Anna", Assert.Single((await ReadAsync("Prod")).Given).By);
        foreach (var stage in new[] { null, "Third" })
        {
            var read = await ReadAsync(stage);
            Assert.Empty(read.Given);
            Assert.Contains("do not name the stage", read.Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("rejected")]
    [InlineData("skipped")]
    public async Task Only_what_was_approved_counts(string status)
    {
        _stage.AddApproval("environment", _prod.Id, OfAnna).Status = status;
        _stage.AddApproval("environment", _prod.Id, OfAnna with { Status = status }, OfAnna with { Actual = null });

        Assert.Empty((await ReadAsync()).Given);
    }

    [Fact]
    public async Task A_comment_has_a_limited_length_and_ends_with_a_whole_character()
    {
        var comment = new string('x', Limits.ApprovalCommentLength - 1) + "\U0001f600 and more";
        _stage.AddApproval("environment", _prod.Id, OfAnna with { Comment = comment });

        Assert.Equal(comment[..(Limits.ApprovalCommentLength - 1)] + "…", Assert.Single((await ReadAsync()).Given).Comment);
    }

    [Fact]
    public async Task The_number_of_approvals_is_limited()
    {
        FakeApprovalStep[] steps = [.. Enumerable.Range(0, Limits.RecordedApprovals + 1).Select(i => OfAnna with { Actual = $"{i}" })];
        _stage.AddApproval("environment", _prod.Id, steps);

        var read = await ReadAsync();

        Assert.Equal(Limits.RecordedApprovals, read.Given.Count);
        Assert.Equal("it has more than 50 approvals", read.Problem);
    }

    [Fact]
    public async Task The_number_of_requested_approvals_is_limited()
    {
        for (var i = 0; i < 41; i++)
            _stage.AddApproval("environment", _prod.Id, OfAnna);

        Assert.Equal("its approvals could not be read: the stage waited for 41 approvals", (await ReadAsync()).Problem);
    }

    [Theory]
    [InlineData("/timeline", 401, "did not accept the token of the test")]
    [InlineData("/timeline", 404, "nothing is there")]
    [InlineData("/checks/runs/", 403, "the token of the test may not read the approvals of the run 812")]
    [InlineData("/approvals", 403, "the token of the test may not read the approvals of the run 812")]
    [InlineData("/approvals", 400, "nothing is there")]
    [InlineData("/approvals", 200, "something other than expected")]
    public async Task What_the_token_may_not_read_is_said_and_is_no_error(string path, int status, string reason)
    {
        _stage.AddApproval("environment", _prod.Id, OfAnna);
        var run = await VerifyAsync();
        _fixture.Service.Intercept = context => AnswerAsync(context, path, status);

        var read = await new ApprovalReader(_fixture.Client).ReadAsync(run, CancellationToken.None);

        Assert.Empty(read.Given);
        Assert.StartsWith("its approvals could not be read: ", read.Problem, StringComparison.Ordinal);
        Assert.Contains(reason, read.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_environment_that_stays_a_claim_nothing_is_read()
    {
        _stage.AddApproval("environment", _prod.Id, OfAnna);
        _fixture.Project.Environments.Clear();

        Assert.StartsWith("its approvals could not be read: ", (await ReadAsync()).Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(_fixture.Service.Requests, request => request.Contains("timeline", StringComparison.Ordinal));
    }

    private static async Task<bool> AnswerAsync(HttpContext context, string path, int status)
    {
        if (!context.Request.Path.Value!.Contains(path, StringComparison.Ordinal))
            return false;
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaTypeNames.Application.Json;
        await context.Response.WriteAsync("""{"typeKey":"SomeException","message":"nothing is there","value":[{"id":7}],"records":[7]}""");
        return true;
    }

    private async Task<ServiceApprovals> ReadAsync(string? stage = "Prod") =>
        await new ApprovalReader(_fixture.Client).ReadAsync(await VerifyAsync(stage), CancellationToken.None);

    private Task<VerifiedRun> VerifyAsync(string? stage = "Prod") => new RunVerifier(_fixture.Client).VerifyAsync(
        new ClaimedRun("812") { Definition = "7", Commit = "c0ffee", Environment = "prod", Stage = stage }, CancellationToken.None);
}
