using Gantry.Formatting;

namespace Gantry.Promotion.Runs;

/// <summary>Makes a report of promotions, for formats that are written at the end.</summary>
public static class PromotionRunReport
{
    /// <summary>Returns the report of a promotion, and of others in the same run.</summary>
    /// <param name="promotions">The plans, each with its outcome; null when nothing was applied.</param>
    public static TextReport Describe(IReadOnlyList<(PromotionPlan Plan, PromotionOutcome? Outcome)> promotions)
    {
        var plan = promotions[0].Plan;
        return new(
            $"Promotion of {plan.Request.Release.Version} to {plan.Request.Environment.DisplayName}",
            [
                .. promotions.Select(promotion => new ReportList(
                [
                    .. PromotionFormatter.Describe(promotion.Plan)
                        .Concat(promotion.Outcome is { } outcome ? PromotionFormatter.Describe(outcome) : [])
                        .Select(line => new ReportItem(new(line.Trim()))),
                ])),
            ]);
    }
}
