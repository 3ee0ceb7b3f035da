using System.Globalization;

namespace Gantry.AzurePipelines.Service;

/// <summary>
/// Asks Azure DevOps about the run that a process claims to be part of. The variables of an agent are only text, which anyone can set.
/// </summary>
public sealed class RunVerifier(AzureDevOpsClient client)
{
    /// <summary>
    /// Confirms a run. Throws <c>GAN4061</c> when the service does not know it, or when it is not in progress or another one than claimed;
    /// <c>GAN4062</c> when it does not deploy to the claimed environment now; and <c>GAN9043</c> to <c>GAN9049</c> when the service cannot
    /// be asked. An environment whose deployments the token may not read stays a claim.
    /// </summary>
    public async Task<VerifiedRun> VerifyAsync(ClaimedRun claim, CancellationToken cancellationToken)
    {
        if (!int.TryParse(claim.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            throw RunErrors.NotConfirmed(claim, client.Project, "its id is not a number");
        var run = await client.FindRunAsync(id, cancellationToken)
            ?? throw RunErrors.NotConfirmed(claim, client.Project, "there is no such run");
        if (FindContradiction(claim, run) is { } contradiction)
            throw RunErrors.NotConfirmed(claim, client.Project, contradiction);

        var deployment = claim.Environment is { } environment
            ? await FindDeploymentAsync(claim, id, environment, cancellationToken)
            : null;
        return new VerifiedRun
        {
            Id = claim.Id,
            Project = client.Project,
            RequestedFor = run.RequestedFor?.DisplayName is { Length: > 0 } name ? name : null,
            Branch = run.SourceBranch is { Length: > 0 } branch ? branch : null,
            Environment = claim.Environment,
            IsEnvironmentVerified = deployment is not null,
            Deployment = deployment is { StageName: { Length: > 0 } stage }
                ? new RunDeployment(id, deployment.EnvironmentId, stage, deployment.StageAttempt ?? 1)
                : null,
        };
    }

    private static string? FindContradiction(ClaimedRun claim, RunDocument run)
    {
        if (!"inProgress".Equals(run.Status, StringComparison.OrdinalIgnoreCase))
            return "it is not in progress";
        var definition = run.Definition?.Id.ToString(CultureInfo.InvariantCulture);
        if (claim.Definition is not null && claim.Definition != definition)
            return $"it is a run of the pipeline {definition ?? "that the service does not name"}";
        if (claim.Commit is not null && !claim.Commit.Equals(run.SourceVersion, StringComparison.OrdinalIgnoreCase))
            return "it is a run of another commit";
        return null;
    }

    // Reading the deployments of an environment needs the role Reader, which the identity of the job may lack. Then this returns null.
    private async Task<DeploymentDocument?> FindDeploymentAsync(
        ClaimedRun claim, int run, string name, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeploymentDocument> deployments;
        try
        {
            var environments = await client.ListEnvironmentsAsync(cancellationToken);
            var found = environments.FirstOrDefault(environment => environment.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (found is null)
                return null;
            deployments = await client.ListDeploymentsAsync(found, cancellationToken);
            deployments = [.. deployments.Select(deployment => deployment with { EnvironmentId = found.Id })];
        }
        catch (GantryException error) when (error.Kind is ErrorKind.Unauthorized or ErrorKind.NotFound)
        {
            return null;
        }

        var now = deployments.Where(deployment => deployment.Owner?.Id == run && deployment.FinishTime is null).ToList();
        if (now.Count == 0)
            throw RunErrors.NoDeployment(claim, client.Project, name);

        // Two stages can deploy to one environment at the same time. The claim only chooses between stages that the service confirms.
        var mine = now.Where(deployment => IsStage(claim, deployment)).ToList();
        if (mine.Count > 0)
            return mine.MaxBy(deployment => deployment.StageAttempt ?? 1);
        var isOneStage = now.Select(deployment => deployment.StageName).Distinct(StringComparer.OrdinalIgnoreCase).Count() == 1;
        return isOneStage && claim.Stage is null
            ? now.MaxBy(deployment => deployment.StageAttempt ?? 1)
            : now[0] with { StageName = null };
    }

    private static bool IsStage(ClaimedRun claim, DeploymentDocument deployment) =>
        claim.Stage is { } stage && stage.Equals(deployment.StageName, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The run that a process claims to be part of, as its environment variables say.</summary>
/// <param name="Id">The id of the run.</param>
public sealed record ClaimedRun(string Id)
{
    /// <summary>The id of the pipeline; null when it is not claimed.</summary>
    public string? Definition { get; init; }

    /// <summary>The commit; null when it is not claimed.</summary>
    public string? Commit { get; init; }

    /// <summary>The environment of Azure DevOps that the job deploys to; null for any other job.</summary>
    public string? Environment { get; init; }

    /// <summary>The name of the stage, as its file has it; null when it is not claimed.</summary>
    public string? Stage { get; init; }
}

/// <summary>A run that Azure DevOps confirmed: it is in progress, and of the claimed pipeline and commit.</summary>
public sealed record VerifiedRun
{
    /// <summary>The id of the run.</summary>
    public required string Id { get; init; }

    /// <summary>The project that confirmed it.</summary>
    public required AzureDevOpsProject Project { get; init; }

    /// <summary>The person who requested the run; null when the service does not say.</summary>
    public string? RequestedFor { get; init; }

    /// <summary>The branch or tag of the run, as a full reference; null when the service does not say.</summary>
    public string? Branch { get; init; }

    /// <summary>The environment of Azure DevOps that the job deploys to; null for any other job.</summary>
    public string? Environment { get; init; }

    /// <summary>True when the service also confirmed that the run deploys to this environment now.</summary>
    public bool IsEnvironmentVerified { get; init; }

    /// <summary>The deployment in progress; null when the environment is not verified, or when the service names no stage.</summary>
    internal RunDeployment? Deployment { get; init; }

    /// <summary>The page of the run.</summary>
    public string Url => $"{Project.Organization}{Uri.EscapeDataString(Project.Name)}/_build/results?buildId={Id}";

    /// <summary>
    /// Returns the service that holds gates, for records: <c>Azure Pipelines, environment prod (run 7, confirmed by
    /// https://dev.azure.com/contoso/Shop)</c>.
    /// </summary>
    public override string ToString()
    {
        var claimed = IsEnvironmentVerified ? "" : " as the job claims";
        var environment = Environment is null ? "" : $", environment {Environment}{claimed}";
        return $"Azure Pipelines{environment} (run {Id}, confirmed by {Project})";
    }
}
