using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Protects composed stages from what the person who starts a run, or the author of a pull request, may choose.</summary>
internal static class StageProtection
{
    private const string AccessToken = "System.AccessToken";

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
    /// <param name="stages">The stages.</param>
    /// <param name="secrets">The names of secret variables, in addition to those that steps name.</param>
    public static IReadOnlyList<Stage> WithoutSecretsInForks(IReadOnlyList<Stage> stages, IEnumerable<string> secrets)
    {
        HashSet<string> hidden = new(
            [
                .. secrets, AccessToken,
                .. stages.SelectMany(stage => stage.Jobs).SelectMany(job => job.Steps).SelectMany(step => step.Secrets),
            ],
            StringComparer.OrdinalIgnoreCase);
        return [.. stages.Select(stage => stage.When is not null ? stage : stage with
        {
            Jobs = [.. stage.Jobs.Select(job => job with { Steps = [.. job.Steps.Select(step => WithoutSecretsInForks(step, hidden))] })],
        })];
    }

    // What a step maps itself from a secret is missing there, too.
    private static Step WithoutSecretsInForks(Step step, HashSet<string> hidden)
    {
        var ofSecrets = step.Environment.Where(variable =>
            MacroParser.Parse(variable.Value, out _).OfType<MacroPart>().Any(macro => hidden.Contains(macro.Variable))).ToList();
        step = step with
        {
            Environment = [.. step.Environment.Except(ofSecrets)],
            LoginVariables = [.. ofSecrets, .. step.LoginVariables],
        };
        return step with { RunsInForks = step.Secrets.Count + step.LoginVariables.Count > 0 };
    }
}
