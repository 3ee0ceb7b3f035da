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
    /// <param name="ensureCurrent">
    /// Throws when a newer release came to a target after the plan was made. The first step of the target then fails, and nothing runs.
    /// </param>
    /// <param name="begins">Called when a step begins.</param>
    /// <param name="cancellationToken">Cancels everything and throws.</param>
    public static async Task<DeploymentOutcome> RunAsync(
        DeploymentPlan plan, Func<PromotionTarget, bool> isInPlace, Func<PromotionTarget, CancellationToken, Task> ensureCurrent,
        Action<DeploymentStep>? begins, CancellationToken cancellationToken)
    {
        var outcomes = plan.Steps.Select(NotBegun).ToArray();
        var lanes = Enumerable.Range(0, outcomes.Length).GroupBy(index => plan.Steps[index].Target).ToList();
        await Task.WhenAll(lanes
            .Where(lane => lane.Key is { } target && isInPlace(target))
            .Select(lane => RunLaneAsync(lane, outcomes, token => ensureCurrent(lane.Key!, token), begins, cancellationToken)));

        var last = lanes.Find(lane => lane.Key is null);
        if (last is not null
            && plan.Targets.All(target => isInPlace(target.Target))
            && outcomes.All(outcome => outcome.Step.Target is null || outcome.IsDone))
            await RunLaneAsync(last, outcomes, _ => Task.CompletedTask, begins, cancellationToken);
        return new DeploymentOutcome(outcomes);
    }

    private static async Task RunLaneAsync(
        IEnumerable<int> lane, StepOutcome[] outcomes, Func<CancellationToken, Task> prepare, Action<DeploymentStep>? begins,
        CancellationToken cancellationToken)
    {
        var isPrepared = false;
        foreach (var index in lane)
        {
            var step = outcomes[index].Step;
            if (step.SkippedReason is not null)
                continue;
            outcomes[index] = await RunAsync(step, isPrepared ? _ => Task.CompletedTask : prepare, begins, cancellationToken);
            isPrepared = true;
            if (!outcomes[index].IsDone)
                return;
        }
    }

    private static async Task<StepOutcome> RunAsync(
        DeploymentStep step, Func<CancellationToken, Task> prepare, Action<DeploymentStep>? begins, CancellationToken cancellationToken)
    {
        try
        {
            await prepare(cancellationToken);
            begins?.Invoke(step);
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
