using Gantry.Drift;

namespace Gantry.GitHubActions;

/// <summary>
/// The input for the workflow that verifies all environments at fixed times. It can also report drift, and publish the page about all
/// environments.
/// </summary>
/// <param name="Workflow">The declaration, which has the registries, their credentials, the runners and the actions.</param>
/// <param name="Cron">Minute, hour, day, month and day of the week, in UTC. GitHub runs it on the default branch.</param>
public sealed record DriftWorkflow(WorkflowDeclaration Workflow, string Cron)
{
    /// <summary>The name of the workflow, which people see.</summary>
    public string Name { get; init; } = "Drift";

    /// <summary>The file to generate. GitHub reads workflows from this folder only.</summary>
    public string File { get; init; } = ".github/workflows/drift.yml";

    /// <summary>The targets of the build: the one that verifies, then the one that reports.</summary>
    public IReadOnlyList<string> Targets { get; init; } = ["VerifyEnvironments"];

    /// <summary>
    /// The target of the build that writes the page about all environments to <see cref="PageFolder"/>, which becomes an artifact of the
    /// run; null for none.
    /// </summary>
    public string? PageTarget { get; init; }

    /// <summary>The folder of the page.</summary>
    public string PageFolder { get; init; } = "artifacts/report";

    /// <summary>The place that drift is reported to; null when it is only shown.</summary>
    public DriftAlert? Alert { get; init; }

    /// <summary>
    /// The environment of GitHub in which the job runs, with the variables and secrets of an identity that only reads; null for those of
    /// the repository.
    /// </summary>
    public string? GitHubEnvironment { get; init; }
}
