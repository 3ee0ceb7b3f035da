using Gantry.Deployments;

namespace Gantry.Formatting;

/// <summary>Formats the steps after a promotion as lines of text.</summary>
public static class DeploymentFormatter
{
    /// <summary>Lists the planned steps, one per line.</summary>
    public static IEnumerable<string> Describe(DeploymentPlan plan) => Steps(plan).Select(step => $"  then: {step}");

    /// <summary>Lists the steps of a plan.</summary>
    public static IEnumerable<string> Steps(DeploymentPlan plan) => plan.Steps.Select(step => Format.Line($"{Describe(step)}"));

    /// <summary>Lists the steps with their results.</summary>
    public static IEnumerable<string> Steps(DeploymentOutcome outcome) =>
        outcome.Steps.Select(step => Format.Line($"{step.Step.Description}: {Describe(step)}"));

    /// <summary>Lists the steps with their results, one per line, and what is left to do.</summary>
    public static IEnumerable<string> Describe(DeploymentOutcome outcome)
    {
        foreach (var step in Steps(outcome))
            yield return $"  then: {step}";
        if (!outcome.Succeeded)
            yield return "The deployment is not complete. If the images are in place, run the same command again to continue.";
    }

    private static string Describe(DeploymentStep step) => step switch
    {
        { SkippedReason: { } reason } => $"{step.Description}: skipped, {reason}",
        DeployHostStep { State.IsCurrent: true } => $"{step.Description}: the host has it already",
        DeployHostStep { State.Image: { } image } deployment => $"{step.Description}: {image} -> {deployment.Order.Reference}",
        DeployHostStep deployment => $"{step.Description}: {deployment.Order.Reference}",
        HealthCheckStep wait =>
            $"{step.Description}: {wait.Check.Expectation(wait.Release.Version)} within {Format.Duration(wait.Check.Timeout)}",
        _ => step.Description,
    };

    private static string Describe(StepOutcome outcome) =>
        outcome.Step.SkippedReason is { } reason ? $"skipped, {reason}"
        : outcome.Done ?? (outcome.Error is { } error ? $"failed: {error.Message}" : "not begun");
}
