using Gantry.Copying;

namespace Gantry.Promotion.Runs;

/// <summary>Shows a person what a promotion does, and reports what became of it.</summary>
public interface IPromotionView
{
    /// <summary>Shows the plan, before anything is written.</summary>
    /// <param name="plan">The plan.</param>
    void ShowPlan(PromotionPlan plan);

    /// <summary>Shows the gates for which a service was asked who approved.</summary>
    /// <param name="plan">The plan with the approvals.</param>
    void ShowApprovals(PromotionPlan plan);

    /// <summary>Shows what was done.</summary>
    /// <param name="outcome">The outcome.</param>
    void ShowOutcome(PromotionOutcome outcome);

    /// <summary>Reports a promotion that has ended, once its plan and outcome were shown.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outcome">The outcome; null when nothing was applied.</param>
    void Report(PromotionPlan plan, PromotionOutcome? outcome);

    /// <summary>Writes a line about what happens.</summary>
    /// <param name="line">The line.</param>
    void Inform(DisplayText line);

    /// <summary>Writes a warning.</summary>
    /// <param name="warning">The warning.</param>
    void Warn(GantryException warning);

    /// <summary>Shows the progress of a copy until it ends.</summary>
    /// <param name="progress">The progress.</param>
    /// <param name="work">The copy.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<T> ShowProgressAsync<T>(CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken);
}
