using System.Globalization;

namespace Gantry.Deployments;

/// <summary>Steps after a promotion as lines for people.</summary>
public static class DeploymentText
{
    /// <summary>What will be done, a step a line.</summary>
    public static IEnumerable<string> Describe(DeploymentPlan plan) => plan.Steps.Select(step => $"  then: {Describe(step)}");

    /// <summary>What was done, a step a line, and what is left to do.</summary>
    public static IEnumerable<string> Describe(DeploymentOutcome outcome)
    {
        foreach (var step in outcome.Steps)
            yield return $"  then: {step.Step.Description}: {Describe(step)}";
        if (!outcome.Succeeded)
            yield return "The deployment is not done. Where the images are in place, running the same again goes on with it.";
    }

    internal static string Duration(TimeSpan time) =>
        time.TotalMinutes >= 1 && time.Seconds == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minute{(time.TotalMinutes == 1 ? "" : "s")}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} second{(time.TotalSeconds == 1 ? "" : "s")}");

    private static string Describe(DeploymentStep step) => step switch
    {
        { LeftOut: { } reason } => $"{step.Description}: left out, {reason}",
        HostDeployment { State.IsCurrent: true } => $"{step.Description}: set to the image already",
        HostDeployment { State.Image: { } image } deployment => $"{step.Description}: {image} -> {deployment.Order.Reference}",
        HostDeployment deployment => $"{step.Description}: {deployment.Order.Reference}",
        HealthWait wait => $"{step.Description}: {wait.Check.Expectation(wait.Release)} within {Duration(wait.Check.Timeout)}",
        _ => step.Description,
    };

    private static string Describe(StepOutcome outcome) =>
        outcome.Step.LeftOut is { } reason ? $"left out, {reason}"
        : outcome.Done ?? (outcome.Error is { } error ? $"failed: {error.Message}" : "not begun");
}
