using Gantry.AzurePipelines.Service;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Promoting;

/// <summary>The answer of Azure DevOps to the claim of this process that a run of Azure Pipelines started it.</summary>
/// <param name="Run">The confirmed run; null when nothing is claimed, or when it is not confirmed.</param>
/// <param name="Problem">The reason why a claimed run is not confirmed; null when it is, or without a token to ask with.</param>
internal sealed record RunConfirmation(VerifiedRun? Run, GantryException? Problem)
{
    private const string TokenVariable = "SYSTEM_ACCESSTOKEN";

    /// <summary>True when an agent is claimed to run this process, and neither confirmed nor denied.</summary>
    public bool IsClaimed { get; private init; }

    /// <summary>Asks once in each build. The token only goes to the organization of the run.</summary>
    public static Task<RunConfirmation> OfAsync(INukeBuild build, BuildRun run, CancellationToken cancellationToken) =>
        build.Once(() => AskAsync(run, EnvironmentInfo.Variables, cancellationToken), nameof(RunConfirmation));

    /// <summary>
    /// Returns the confirmed run for the record of a release, or null. A build that only claims to be one is not in the record, and the log
    /// says why.
    /// </summary>
    public static async Task<VerifiedRun?> ReportAsync(INukeBuild build, CancellationToken cancellationToken)
    {
        var run = BuildRun.From(EnvironmentInfo.Variables);
        var confirmation = await OfAsync(build, run, cancellationToken);
        if (confirmation is { IsClaimed: true, Run: null })
        {
            var reason = confirmation.Problem?.Message ?? $"has no token in {TokenVariable} to ask the service";
            BuildOutput.Information($"The release has no build: this process claims {run.Claims}, and {reason}");
        }

        return confirmation.Run;
    }

    private static async Task<RunConfirmation> AskAsync(
        BuildRun run, IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        if (AzurePipelinesHost.Instance is null || run.Claim is not { } claim)
            return new(Run: null, Problem: null);
        if (variables.GetValueOrDefault(TokenVariable) is not { Length: > 0 } secret)
            return new(Run: null, Problem: null) { IsClaimed = true };
        BuildOutput.Secrets.Add(secret);
        try
        {
            var project = AzureDevOpsProject.Find(organization: null, project: null, variables, repository: null);
            var token = AzureDevOpsToken.Find(named: null, variables, project)!;
            using var client = new AzureDevOpsClient(project, token, TimeProvider.System) { Log = VerboseLog.Write };
            return new(await new RunVerifier(client).VerifyAsync(claim, cancellationToken), Problem: null) { IsClaimed = true };
        }
        catch (GantryException problem)
        {
            return new(Run: null, problem) { IsClaimed = true };
        }
    }
}
