using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Protects composed stages from what the person who starts a run, or the author of a pull request, may choose.</summary>
internal static class StageProtection
{
    /// <summary>
    /// Makes stages that others depend on impossible to leave out when a run is started: for <c>succeeded()</c>, a stage that was left out
    /// is not there.
    /// </summary>
    public static IReadOnlyList<Stage> Unskippable(IReadOnlyList<Stage> stages)
    {
        var needed = stages.SelectMany(stage => stage.DependsOn ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. stages.Select(stage => needed.Contains(stage.Name) ? stage with { IsSkippable = false } : stage)];
    }

    /// <summary>Maps secrets in builds that are not of a fork only, in the stages that pull requests have.</summary>
    public static IReadOnlyList<Stage> WithoutSecretsInForks(IReadOnlyList<Stage> stages) =>
        [.. stages.Select(stage => stage.When is null ? WithoutSecretsInForks(stage) : stage)];

    private static Stage WithoutSecretsInForks(Stage stage) => stage with
    {
        Jobs =
        [
            .. stage.Jobs.Select(job => job with
            {
                Steps = [.. job.Steps.Select(step => step with { RunsInForks = step.Secrets.Count + step.LoginVariables.Count > 0 })],
            }),
        ],
    };
}
