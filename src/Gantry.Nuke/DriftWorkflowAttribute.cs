using Gantry.Drift;
using Gantry.GitHubActions;
using Gantry.GitHubActions.Generation;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Generation;

namespace Gantry.Nuke;

/// <summary>
/// Generates a workflow of GitHub Actions that verifies the environments at fixed times, and reports drift to
/// <see cref="IVerifyEnvironments.DriftAlert"/>: <c>[DriftWorkflow("17 * * * *")]</c>. With <see cref="IReportEnvironments"/> it also
/// publishes the page about all environments. Registries, credentials, runners and actions are those of the first
/// <see cref="PromotionWorkflowAttribute"/>.
/// </summary>
/// <param name="cron">Minute, hour, day, month and day of the week, in UTC. GitHub runs it on the default branch.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DriftWorkflowAttribute(string cron) : FileGeneratorAttribute
{
    /// <summary>Minute, hour, day, month and day of the week, in UTC: <c>17 * * * *</c>.</summary>
    public string Cron { get; } = cron;

    /// <summary>The file, relative to the root of the repository.</summary>
    public string File { get; set; } = ".github/workflows/drift.yml";

    /// <summary>
    /// The environment of GitHub in which the job runs, with the variables and secrets of an identity that only reads; null for those of
    /// the repository.
    /// </summary>
    public string? GitHubEnvironment { get; set; }

    /// <inheritdoc/>
    public override Type HostType => typeof(GitHubActionsHost);

    /// <inheritdoc/>
    public override string IdPostfix => "Drift";

    /// <inheritdoc/>
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / File;

    /// <inheritdoc/>
    internal override AzurePipelines.GenerationResult CreateFiles(
        INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (build is not IVerifyEnvironments verifying || WorkflowDeclarations.Find(build) is not { } workflow)
            throw GenerationErrors.NothingToVerifyOnGitHub(build.GetType().Name);

        // Work items are those of Azure DevOps: the generation says that they are left out.
        var alert = verifying.DriftAlert;
        alert?.EnsureValid();
        return WorkflowGenerator.Generate(new DriftWorkflow(workflow, Cron)
        {
            File = File,
            Targets = alert is WorkItemAlert || (alert is null && !EnvironmentDeclarations.HasNotifications(build))
                ? [nameof(IVerifyEnvironments.VerifyEnvironments)]
                : [nameof(IVerifyEnvironments.VerifyEnvironments), nameof(IVerifyEnvironments.ReportDrift)],
            Alert = alert,
            PageTarget = build is IReportEnvironments ? nameof(IReportEnvironments.Report) : null,
            GitHubEnvironment = GitHubEnvironment,
        });
    }
}
