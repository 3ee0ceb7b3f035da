using System.Globalization;
using Gantry.Environments;

namespace Gantry.GitHubActions.Service;

/// <summary>
/// Asks GitHub about the run that a process claims to be part of. The variables of a runner are only text, which anyone can set.
/// </summary>
public sealed class RunVerifier(GitHubClient client)
{
    // A run deploys to an environment once: its deployment is among the newest ones of its commit.
    private const int DeploymentLimit = 30;

    /// <summary>
    /// Confirms a run. Throws <c>GAN9120</c> when GitHub does not know it, or when it is not in progress or another one than claimed;
    /// <c>GAN9121</c> when it does not deploy to the claimed environment now; and <c>GAN9103</c> to <c>GAN9109</c> when GitHub cannot be
    /// asked. An environment whose deployments the token may not read stays a claim.
    /// </summary>
    public async Task<VerifiedRun> VerifyAsync(ClaimedRun claim, CancellationToken cancellationToken)
    {
        var run = await FindRunAsync(claim, cancellationToken);
        if (FindContradiction(claim, run) is { } contradiction)
            throw RunErrors.NotConfirmed(claim, client.Repository, contradiction);

        var (verified, protection) = claim.Environment is { } environment
            ? (await DeploysToAsync(claim, environment, cancellationToken), await FindProtectionAsync(environment, cancellationToken))
            : (false, null);
        return new VerifiedRun
        {
            Id = claim.Id,
            Repository = client.Repository,
            Url = run.HtmlUrl,
            RequestedFor = run.TriggeringActor?.Login is { Length: > 0 } login ? login : null,
            Branch = run.HeadBranch is { Length: > 0 } branch ? branch : null,
            Environment = claim.Environment,
            IsEnvironmentVerified = verified,
            Protection = protection,
        };
    }

    private async Task<RunDocument> FindRunAsync(ClaimedRun claim, CancellationToken cancellationToken)
    {
        if (!long.TryParse(claim.Id, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw RunErrors.NotConfirmed(claim, client.Repository, "its id is not a number");
        try
        {
            return await client.SendAsync(
                new(HttpMethod.Get, client.PathOf("actions", "runs", claim.Id), $"read the run {claim.Id}", "actions: read"),
                ServiceJson.Default.RunDocument,
                cancellationToken);
        }
        catch (GantryException error) when (error.Kind == ErrorKind.NotFound)
        {
            throw RunErrors.NotConfirmed(claim, client.Repository, "there is no such run");
        }
    }

    private static string? FindContradiction(ClaimedRun claim, RunDocument run)
    {
        if (run.Status != "in_progress")
            return "it is not in progress";
        if (claim.Commit is not null && !claim.Commit.Equals(run.HeadSha, StringComparison.OrdinalIgnoreCase))
            return "it is a run of another commit";

        // The workflow is claimed with its repository and reference: contoso/shop/.github/workflows/build.yml@refs/heads/main.
        return claim.Workflow is { } workflow && run.Path?.Split('@')[0] is var file && !IsFile(workflow, file)
            ? $"it is a run of the workflow {file ?? "that GitHub does not name"}"
            : null;
    }

    private static bool IsFile(string workflow, string? file) =>
        file is { Length: > 0 } && workflow.Split('@')[0].EndsWith("/" + file, StringComparison.Ordinal);

    private async Task<bool> DeploysToAsync(ClaimedRun claim, string environment, CancellationToken cancellationToken)
    {
        var purpose = $"read the deployments to '{environment}'";
        var query = $"?environment={Uri.EscapeDataString(environment)}"
            + (claim.Commit is { } commit ? $"&sha={Uri.EscapeDataString(commit)}" : "");
        try
        {
            var deployments = await client.ListAsync(
                new(HttpMethod.Get, client.PathOf("deployments") + query, purpose, "deployments: read"),
                ServiceJson.Default.IReadOnlyListDeploymentDocument, page => page, DeploymentLimit, cancellationToken);
            foreach (var deployment in deployments.OfType<DeploymentDocument>().Take(DeploymentLimit))
            {
                var id = deployment.Id.ToString(CultureInfo.InvariantCulture);
                var states = await client.SendAsync(
                    new(HttpMethod.Get, client.PathOf("deployments", id, "statuses"), purpose, "deployments: read"),
                    ServiceJson.Default.IReadOnlyListDeploymentStatusDocument,
                    cancellationToken);

                // The newest state comes first.
                if (states is [{ State: "in_progress" } state, ..] && IsOf(claim, state))
                    return true;
            }
        }
        catch (GantryException error) when (error.Kind is ErrorKind.Unauthorized or ErrorKind.NotFound)
        {
            return false;
        }

        throw RunErrors.NoDeployment(claim, client.Repository, environment);
    }

    private static bool IsOf(ClaimedRun claim, DeploymentStatusDocument state) => new[] { state.LogUrl, state.TargetUrl }.Any(url =>
        url?.Contains($"/actions/runs/{claim.Id}/", StringComparison.Ordinal) == true
        || url?.EndsWith($"/actions/runs/{claim.Id}", StringComparison.Ordinal) == true);

    // A workflow that names an environment which does not exist creates it, without any rule.
    private async Task<EnvironmentDocument?> FindProtectionAsync(string environment, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(
                new(HttpMethod.Get, client.PathOf("environments", environment), $"read the environment '{environment}'", "actions: read"),
                ServiceJson.Default.EnvironmentDocument,
                cancellationToken);
        }
        catch (GantryException error) when (error.Kind is ErrorKind.Unauthorized or ErrorKind.NotFound)
        {
            return null;
        }
    }
}

/// <summary>The run that a process claims to be part of, as its environment variables say.</summary>
/// <param name="Id">The id of the run.</param>
public sealed record ClaimedRun(string Id)
{
    /// <summary>The commit; null when it is not claimed.</summary>
    public string? Commit { get; init; }

    /// <summary>The workflow with its repository and reference; null when it is not claimed.</summary>
    public string? Workflow { get; init; }

    /// <summary>The environment of GitHub that the job deploys to; null for any other job.</summary>
    public string? Environment { get; init; }
}

/// <summary>A run that GitHub confirmed: it is in progress, and of the claimed workflow and commit.</summary>
public sealed record VerifiedRun
{
    /// <summary>The id of the run.</summary>
    public required string Id { get; init; }

    /// <summary>The repository that confirmed it.</summary>
    public required GitHubRepository Repository { get; init; }

    /// <summary>The page of the run; null when GitHub does not say.</summary>
    public string? Url { get; init; }

    /// <summary>The person who started the run or this attempt of it; null when GitHub does not say.</summary>
    public string? RequestedFor { get; init; }

    /// <summary>The branch or tag of the run; null when GitHub does not say.</summary>
    public string? Branch { get; init; }

    /// <summary>The environment of GitHub that the job deploys to; null for any other job.</summary>
    public string? Environment { get; init; }

    /// <summary>True when GitHub also confirmed that the run deploys to this environment now.</summary>
    public bool IsEnvironmentVerified { get; init; }

    internal EnvironmentDocument? Protection { get; init; }

    /// <summary>
    /// Returns why GitHub does not hold a gate, as the rest of a sentence; null when it does: then the rules of the environment contain it,
    /// and the job began after they had passed.
    /// </summary>
    public string? FindGap(Gate gate) => gate switch
    {
        _ when Environment is null => "its job has no environment",
        _ when Protection is null => $"the environment '{Environment}' cannot be read",
        ApprovalGate => HasRule("required_reviewers") ? null : $"the environment '{Environment}' has no required reviewers",
        BranchControlGate => Protection.DeploymentBranchPolicy is null
            ? $"the environment '{Environment}' accepts every branch"
            : null,
        AzurePipelines.Gates.ExclusiveLockGate => null,
        _ => "GitHub has no such gate",
    };

    /// <summary>
    /// Returns the service that holds gates, for records: <c>GitHub Actions, environment prod (run 7 of contoso/shop)</c>.
    /// </summary>
    public override string ToString()
    {
        var claimed = IsEnvironmentVerified ? "" : " as the job claims";
        var environment = Environment is null ? "" : $", environment {Environment}{claimed}";
        return $"GitHub Actions{environment} (run {Id} of {Repository})";
    }

    private bool HasRule(string type) =>
        Protection?.ProtectionRules?.Any(rule => rule?.Type == type && (type != "required_reviewers" || rule.Reviewers?.Count > 0)) == true;
}
