using System.Runtime.ExceptionServices;
using Gantry.Environments;

namespace Gantry.Deployments;

/// <summary>The results of the steps after a promotion.</summary>
public sealed class DeploymentOutcome
{
    internal DeploymentOutcome(IReadOnlyList<StepOutcome> steps) => Steps = steps;

    /// <summary>The result of each step, in the order of the plan.</summary>
    public IReadOnlyList<StepOutcome> Steps { get; }

    /// <summary>The outcome of a plan without steps.</summary>
    internal static DeploymentOutcome Empty { get; } = new([]);

    /// <summary>Returns the outcome of a whole plan, of which some parts were carried out; the other steps were not begun.</summary>
    internal static DeploymentOutcome Of(DeploymentPlan plan, IEnumerable<DeploymentOutcome> parts)
    {
        var begun = parts.SelectMany(part => part.Steps).ToList();
        return new(
        [
            .. plan.Steps.Select(step =>
                begun.Find(outcome => ReferenceEquals(outcome.Step, step)) ?? new StepOutcome(step, done: null, error: null)),
        ]);
    }

    /// <summary>True when every step is done.</summary>
    public bool Succeeded => Steps.All(step => step.IsDone);

    /// <summary>Returns true when every step of a target is done, and every step that follows all targets.</summary>
    internal bool IsDoneAt(PromotionTarget target) => StepsAt(target).All(step => step.IsDone);

    /// <summary>Returns the steps of a target, and those that follow all targets.</summary>
    internal IEnumerable<StepOutcome> StepsAt(PromotionTarget target) => Steps.Where(step => (step.Step.Target ?? target) == target);

    /// <summary>Throws the error of the first step that failed.</summary>
    public void ThrowIfFailed()
    {
        if (Steps.FirstOrDefault(step => step.Error is not null)?.Error is { } error)
            ExceptionDispatchInfo.Throw(error);
    }
}

/// <summary>The result of one step.</summary>
/// <param name="step">The step.</param>
/// <param name="done">A description of what was done; null when the step was not done.</param>
/// <param name="error">The error; null when the step did not fail, or was not started because an earlier one failed.</param>
public sealed class StepOutcome(DeploymentStep step, string? done, Exception? error)
{
    /// <summary>The step.</summary>
    public DeploymentStep Step => step;

    /// <summary>A description of what was done; null when the step was not done.</summary>
    public string? Done => done;

    /// <summary>The error; null when the step did not fail, or was not started because an earlier one failed.</summary>
    public Exception? Error => error;

    internal bool IsDone => Done is not null || Step.SkippedReason is not null;
}
