using Gantry.AzurePipelines.Model;
using Gantry.Drift;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Composes the pipeline that verifies environments at fixed times, and reports drift.</summary>
public static class DriftPipelineFactory
{
    private const string Stage = "Drift";

    /// <summary>Creates the pipeline.</summary>
    /// <param name="declaration">The declaration, which has the registries, their secrets and the tools of agents.</param>
    /// <param name="file">The file, relative to the root of the repository.</param>
    /// <param name="schedule">The times of its runs.</param>
    /// <param name="targets">The targets of the build: the one that verifies, then the one that reports.</param>
    /// <param name="alert">Where drift is reported; null when it is only shown.</param>
    /// <param name="serviceConnection">
    /// The Azure Resource Manager service connection that reads all registries and hosts; null for none.
    /// </param>
    public static TargetPipeline Create(
        PipelineDeclaration declaration, string file, Schedule schedule, IReadOnlyList<string> targets, DriftAlert? alert,
        string? serviceConnection) => new(file)
    {
        Schedules = [schedule],
        Pool = declaration.Pool,
        VariableGroups = declaration.VariableGroups,
        Variables = [.. Addresses(declaration)],
        KeyVaults = declaration.KeyVaults,
        Tools = declaration.Tools,
        Sources = declaration.Sources,
        Shell = declaration.Commands.Shell,
        Script = declaration.Commands.Script,
        Stages =
        [
            new TargetStage(Stage, targets)
            {
                DisplayName = "Verify environments",
                ServiceConnection = serviceConnection,
                UsesAccessToken = true,
                Secrets = [.. Secrets(declaration, alert)],
                OnFailure =
                [
                    new PublishStep($"{BuildSteps.Sources}/artifacts/drift.json", "drift-$(System.StageAttempt)")
                    {
                        DisplayName = "Keep the report",
                    },
                ],
            },
        ],
    };

    // The build reads them as environment variables.
    private static IEnumerable<KeyValuePair<string, string>> Addresses(PipelineDeclaration declaration) =>
        declaration.Environments.SelectMany(environment => environment.Registries)
            .Prepend(declaration.BaseRegistry)
            .Where(registry => registry.Address is not null)
            .Select(registry => KeyValuePair.Create(registry.Parameter, registry.Address!))
            .Concat(declaration.Variables);

    private static IEnumerable<string> Secrets(PipelineDeclaration declaration, DriftAlert? alert) =>
        declaration.Environments
            .SelectMany(environment => environment.Secrets.Concat(environment.Environment.DeploymentVariables))
            .Concat(alert?.Variables ?? [])
            .Where(name => !name.Equals(GitOpsRepositories.JobToken, StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase);
}
