using Gantry.AzurePipelines.Service;
using Gantry.GitHubActions.Service;
using Gantry.Nuke.Execution;
using Gantry.Promotion;
using AzureApprovals = Gantry.AzurePipelines.Service.ApprovalReader;
using AzureVerifier = Gantry.AzurePipelines.Service.RunVerifier;
using GitHubApprovals = Gantry.GitHubActions.Service.ApprovalReader;
using GitHubVerifier = Gantry.GitHubActions.Service.RunVerifier;

namespace Gantry.Nuke.Promoting;

/// <summary>The answer of Azure DevOps or GitHub to the claim of this process that one of its runs started it.</summary>
/// <param name="Run">The confirmed run; null when nothing is claimed, or when it is not confirmed.</param>
/// <param name="Problem">The reason why a claimed run is not confirmed; null when it is, or without a token to ask with.</param>
internal sealed record RunConfirmation(ConfirmedRun? Run, GantryException? Problem)
{
    private const string AzureToken = "SYSTEM_ACCESSTOKEN";
    private const string GitHubTokenVariable = "GITHUB_TOKEN";

    /// <summary>True when an agent is claimed to run this process, and neither confirmed nor denied.</summary>
    public bool IsClaimed { get; private init; }

    /// <summary>The variable with the token that was missing.</summary>
    private string TokenVariable { get; init; } = AzureToken;

    /// <summary>Asks once in each build. The token only goes to the service of the run.</summary>
    public static Task<RunConfirmation> OfAsync(
        INukeBuild build, BuildRun run, Func<IReadOnlyDictionary<string, string>> approvers, CancellationToken cancellationToken) =>
        build.Once(() => AskAsync(run, approvers, EnvironmentInfo.Variables, cancellationToken), nameof(RunConfirmation));

    /// <summary>
    /// Returns the confirmed run for the record of a release, or null. A build that only claims to be one is not in the record, and the log
    /// says why.
    /// </summary>
    public static async Task<ConfirmedRun?> ReportAsync(
        INukeBuild build, Func<IReadOnlyDictionary<string, string>> approvers, CancellationToken cancellationToken)
    {
        var run = BuildRun.From(EnvironmentInfo.Variables);
        var confirmation = await OfAsync(build, run, approvers, cancellationToken);
        if (confirmation is { IsClaimed: true, Run: null })
        {
            var reason = confirmation.Problem?.Message ?? $"has no token in {confirmation.TokenVariable} to ask the service";
            BuildOutput.Information($"The release has no build: this process claims {run.Claims}, and {reason}");
        }

        return confirmation.Run;
    }

    /// <summary>Returns the error for a claimed run without a token to ask with.</summary>
    public GantryException NoToken(string claims, string environment) => TokenVariable == AzureToken
        ? PromoteErrors.NoToken(claims, environment)
        : PromoteErrors.NoGitHubToken(claims, environment);

    private static Task<RunConfirmation> AskAsync(
        BuildRun run, Func<IReadOnlyDictionary<string, string>> approvers, IReadOnlyDictionary<string, string> variables,
        CancellationToken cancellationToken)
    {
        if (AzurePipelinesHost.Instance is not null && run.Claim is { } claim)
            return AskAsync(AzureToken, variables, () => AskAzureAsync(claim, variables, cancellationToken));
        return GitHubActionsHost.Instance is not null && run.GitHubClaim is { } other
            ? AskAsync(GitHubTokenVariable, variables, () => AskGitHubAsync(approvers, other, variables, cancellationToken))
            : Task.FromResult(new RunConfirmation(Run: null, Problem: null));
    }

    private static async Task<RunConfirmation> AskAsync(
        string tokenVariable, IReadOnlyDictionary<string, string> variables, Func<Task<ConfirmedRun>> askAsync)
    {
        var unanswered = new RunConfirmation(Run: null, Problem: null) { IsClaimed = true, TokenVariable = tokenVariable };
        if (variables.GetValueOrDefault(tokenVariable) is not { Length: > 0 } secret)
            return unanswered;
        BuildOutput.Secrets.Add(secret);
        try
        {
            return unanswered with { Run = await askAsync() };
        }
        catch (GantryException problem)
        {
            return unanswered with { Problem = problem };
        }
    }

    private static async Task<ConfirmedRun> AskAzureAsync(
        AzurePipelines.Service.ClaimedRun claim, IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        using var client = AzureClient(variables);
        var run = await new AzureVerifier(client).VerifyAsync(claim, cancellationToken);
        return ConfirmedRun.Of(run) with { ReadApprovalsAsync = ReadAsync };

        async Task<ServiceApprovals> ReadAsync(CancellationToken token)
        {
            using var reading = AzureClient(variables);
            return await new AzureApprovals(reading).ReadAsync(run, token);
        }
    }

    private static AzureDevOpsClient AzureClient(IReadOnlyDictionary<string, string> variables)
    {
        var project = AzureDevOpsProject.Find(organization: null, project: null, variables, repository: null);
        var token = AzureDevOpsToken.Find(named: null, variables, project)!;
        return new(project, token, TimeProvider.System) { Log = VerboseLog.Write };
    }

    private static async Task<ConfirmedRun> AskGitHubAsync(
        Func<IReadOnlyDictionary<string, string>> approvers, GitHubActions.Service.ClaimedRun claim,
        IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        using var client = GitHubClientOf(variables);
        var run = await new GitHubVerifier(client) { Approvers = approvers() }.VerifyAsync(claim, cancellationToken);
        return ConfirmedRun.Of(run) with { ReadApprovalsAsync = ReadAsync };

        async Task<ServiceApprovals> ReadAsync(CancellationToken token)
        {
            using var reading = GitHubClientOf(variables);
            return await new GitHubApprovals(reading).ReadAsync(run, token);
        }
    }

    private static GitHubClient GitHubClientOf(IReadOnlyDictionary<string, string> variables) =>
        new(GitHubRepository.Find(named: null, variables, remote: null), GitHubToken.OfJob(variables)!, TimeProvider.System)
        {
            Log = VerboseLog.Write,
        };
}
