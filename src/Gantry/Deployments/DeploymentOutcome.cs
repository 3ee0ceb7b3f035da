using System.Runtime.ExceptionServices;

namespace Gantry.Deployments;

/// <summary>What became of the steps after a promotion.</summary>
public sealed record DeploymentOutcome
{
    /// <summary>Each step, in the order of the plan.</summary>
    public required IReadOnlyList<StepOutcome> Steps { get; init; }

    /// <summary>Nothing was to be done.</summary>
    public static DeploymentOutcome Empty { get; } = new() { Steps = [] };

    /// <summary>Whether all that was to be done is done.</summary>
    public bool Succeeded => Steps.All(step => step.IsDone);

    /// <summary>Whether all that was to be done for a target is done, and what comes after all targets.</summary>
    internal bool IsDoneAt(int target) => StepsAt(target).All(step => step.IsDone);

    /// <summary>The steps of a target, and those that come after all targets.</summary>
    internal IEnumerable<StepOutcome> StepsAt(int target) => Steps.Where(step => (step.Step.TargetNumber ?? target) == target);

    /// <summary>Throws the failure of the first step that failed.</summary>
    public void ThrowIfFailed()
    {
        if (Steps.FirstOrDefault(step => step.Error is not null)?.Error is { } error)
            ExceptionDispatchInfo.Throw(error);
    }
}

/// <summary>What became of one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Done">What was done; null when it was not.</param>
/// <param name="Error">Why it failed; null when it did not, also when it was never begun because one before it failed.</param>
public sealed record StepOutcome(DeploymentStep Step, string? Done, Exception? Error)
{
    internal bool IsDone => Done is not null || Step.SkippedReason is not null;
}
