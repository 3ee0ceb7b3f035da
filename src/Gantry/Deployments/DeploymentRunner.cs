namespace Gantry.Deployments;

/// <summary>Does what a deployment plan says.</summary>
internal static class DeploymentRunner
{
    /// <summary>
    /// Takes the steps. Those of a target come one after the other, and none after one that failed; targets do not wait for each other,
    /// and what fails at one stops no other. What comes after all targets is done when all went well.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="isInPlace">Whether the images are in place at a target; where they are not, nobody is told.</param>
    /// <param name="begins">Is told of each step that begins.</param>
    /// <param name="cancellationToken">Stops everything and throws.</param>
    public static async Task<DeploymentOutcome> RunAsync(
        DeploymentPlan plan, Func<int, bool> isInPlace, Action<DeploymentStep>? begins, CancellationToken cancellationToken)
    {
        var outcomes = plan.Steps.Select(step => new StepOutcome(step, Done: null, Error: null)).ToArray();
        var lanes = Enumerable.Range(0, outcomes.Length).GroupBy(index => plan.Steps[index].TargetNumber).ToList();
        await Task.WhenAll(lanes.Where(lane => lane.Key is { } target && isInPlace(target)).Select(lane => RunLaneAsync(lane, outcomes, begins, cancellationToken)));

        var last = lanes.Find(lane => lane.Key is null);
        if (last is not null && Enumerable.Range(0, plan.Targets.Count).All(isInPlace) && outcomes.All(outcome => outcome.Step.TargetNumber is null || outcome.IsDone))
            await RunLaneAsync(last, outcomes, begins, cancellationToken);
        return new DeploymentOutcome { Steps = outcomes };
    }

    private static async Task RunLaneAsync(IEnumerable<int> lane, StepOutcome[] outcomes, Action<DeploymentStep>? begins, CancellationToken cancellationToken)
    {
        foreach (var index in lane)
        {
            outcomes[index] = await RunAsync(outcomes[index], begins, cancellationToken);
            if (!outcomes[index].IsDone)
                return;
        }
    }

    private static async Task<StepOutcome> RunAsync(StepOutcome step, Action<DeploymentStep>? begins, CancellationToken cancellationToken)
    {
        if (step.Step.SkippedReason is not null)
            return step;
        begins?.Invoke(step.Step);
        try
        {
            return step with
            {
                Done = step.Step switch
                {
                    DeployHostStep host => await host.Deployer.DeployAsync(host.Order, cancellationToken),
                    HealthCheckStep wait => await wait.Probe.WaitAsync(wait.Check, wait.Release, cancellationToken),
                    _ => throw new InvalidOperationException($"Unknown step {step.Step}."),
                },
            };
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Also what nobody foresaw: what became of the other steps must not be lost with it.
            return step with { Error = error };
        }
    }
}
