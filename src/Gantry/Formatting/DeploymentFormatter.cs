using Gantry.Deployments;

namespace Gantry.Formatting;

/// <summary>Steps after a promotion as lines for people.</summary>
public static class DeploymentFormatter
{
    /// <summary>What will be done, a step a line.</summary>
    public static IEnumerable<string> Describe(DeploymentPlan plan) => Steps(plan).Select(step => $"  then: {step}");

    /// <summary>The steps of a plan.</summary>
    public static IEnumerable<string> Steps(DeploymentPlan plan) => plan.Steps.Select(Describe);

    /// <summary>The steps, and what became of each.</summary>
    public static IEnumerable<string> Steps(DeploymentOutcome outcome) => outcome.Steps.Select(step => $"{step.Step.Description}: {Describe(step)}");

    /// <summary>What was done, a step a line, and what is left to do.</summary>
    public static IEnumerable<string> Describe(DeploymentOutcome outcome)
    {
        foreach (var step in Steps(outcome))
            yield return $"  then: {step}";
        if (!outcome.Succeeded)
            yield return "The deployment is not done. Where the images are in place, running the same again goes on with it.";
    }

    private static string Describe(DeploymentStep step) => step switch
    {
        { SkippedReason: { } reason } => $"{step.Description}: left out, {reason}",
        DeployHostStep { State.IsCurrent: true } => $"{step.Description}: the host has it already",
        DeployHostStep { State.Image: { } image } deployment => $"{step.Description}: {image} -> {deployment.Order.Reference}",
        DeployHostStep deployment => $"{step.Description}: {deployment.Order.Reference}",
        HealthCheckStep wait => $"{step.Description}: {wait.Check.Expectation(wait.Release.Version)} within {Format.Duration(wait.Check.Timeout)}",
        _ => step.Description,
    };

    private static string Describe(StepOutcome outcome) =>
        outcome.Step.SkippedReason is { } reason ? $"left out, {reason}"
        : outcome.Done ?? (outcome.Error is { } error ? $"failed: {error.Message}" : "not begun");
}
