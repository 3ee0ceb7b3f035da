using Gantry.Environments;

namespace Gantry.Deployments;

/// <summary>Carries out a deployment plan.</summary>
internal static class DeploymentRunner
{
    /// <summary>
    /// Runs the steps. The steps of a target run one after the other, and stop at the first failure. Targets are independent of each other.
    /// Steps that follow all targets run when everything before succeeded.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="isInPlace">Returns true when the images are in place at a target; otherwise its steps do not run.</param>
    /// <param name="begins">Called when a step begins.</param>
    /// <param name="cancellationToken">Cancels everything and throws.</param>
    public static async Task<DeploymentOutcome> RunAsync(
        DeploymentPlan plan, Func<PromotionTarget, bool> isInPlace, Action<DeploymentStep>? begins, CancellationToken cancellationToken)
    {
        var outcomes = plan.Steps.Select(NotBegun).ToArray();
        var lanes = Enumerable.Range(0, outcomes.Length).GroupBy(index => plan.Steps[index].Target).ToList();
        await Task.WhenAll(lanes
            .Where(lane => lane.Key is { } target && isInPlace(target))
            .Select(lane => RunLaneAsync(lane, outcomes, begins, cancellationToken)));

        var last = lanes.Find(lane => lane.Key is null);
        if (last is not null
            && plan.Targets.All(target => isInPlace(target.Target))
            && outcomes.All(outcome => outcome.Step.Target is null || outcome.IsDone))
            await RunLaneAsync(last, outcomes, begins, cancellationToken);
        return new DeploymentOutcome(outcomes);
    }

    private static async Task RunLaneAsync(
        IEnumerable<int> lane, StepOutcome[] outcomes, Action<DeploymentStep>? begins, CancellationToken cancellationToken)
    {
        foreach (var index in lane)
        {
            outcomes[index] = await RunAsync(outcomes[index].Step, begins, cancellationToken);
            if (!outcomes[index].IsDone)
                return;
        }
    }

    private static async Task<StepOutcome> RunAsync(
        DeploymentStep step, Action<DeploymentStep>? begins, CancellationToken cancellationToken)
    {
        if (step.SkippedReason is not null)
            return NotBegun(step);
        begins?.Invoke(step);
        try
        {
            return new StepOutcome(step, await step.RunAsync(cancellationToken), error: null);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Includes unexpected exceptions: the results of the other steps must not be lost.
            return new StepOutcome(step, done: null, error);
        }
    }

    private static StepOutcome NotBegun(DeploymentStep step) => new(step, done: null, error: null);
}
