using Gantry.Copying;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Reporting;
using Gantry.Promotion;
using Gantry.Promotion.Runs;

namespace Gantry.Nuke.Promoting;

/// <summary>Shows promotions in the log of a build, and reports them to the service that runs it.</summary>
/// <param name="writer">Writes the report that the parameters ask for, over all promotions of the run.</param>
/// <param name="isDry">True for a dry run.</param>
internal sealed class BuildPromotionView(ReportWriter writer, bool isDry) : IPromotionView
{
    private readonly List<(PromotionPlan Plan, PromotionOutcome? Outcome)> _reported = [];

    public void ShowPlan(PromotionPlan plan) => PromotionLog.Write(plan);

    public void ShowApprovals(PromotionPlan plan) => PromotionLog.WriteApprovals(plan);

    public void ShowOutcome(PromotionOutcome outcome) => PromotionLog.Write(outcome);

    public void Report(PromotionPlan plan, PromotionOutcome? outcome)
    {
        RunReport.Current.WritePromotion(plan, outcome);
        _reported.Add((plan, outcome));
        if (writer.IsAsked)
            writer.Write(PromotionRunReport.Describe(_reported), PromotionRunDocument.Of(_reported, isDry), PromotionChecks.Of(_reported));
    }

    public void Inform(DisplayText line) => BuildOutput.Information(line);

    public void Warn(GantryException warning) => RunReport.Current.Warn(warning);

    public Task<T> ShowProgressAsync<T>(CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken) =>
        CopyDisplay.ShowAsync(progress, work, cancellationToken);
}
