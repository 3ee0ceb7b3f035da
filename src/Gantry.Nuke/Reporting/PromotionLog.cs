using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Nuke.Execution;
using Gantry.Promotion;
using Gantry.Releases;

namespace Gantry.Nuke.Reporting;

/// <summary>Logs the plan and the result of a publication or promotion.</summary>
internal static class PromotionLog
{
    public static void Write(PromotionPlan plan) => WriteLines(PromotionFormatter.Describe(plan));

    /// <summary>Logs the gates for which the service was asked who approved.</summary>
    public static void WriteApprovals(PromotionPlan plan) => WriteLines(plan.Gates
        .Where(gate => gate is { Verdict: GateVerdict.Service, Gate: ApprovalGate })
        .Select(PromotionFormatter.Describe));

    public static void Write(PromotionOutcome outcome) => WriteLines(PromotionFormatter.Describe(outcome));

    public static void Write(PublishedRelease published) => WriteLines(published.Images.Select(PromotionFormatter.Describe));

    public static void Write(PublicationPlan plan) => WriteLines(PromotionFormatter.Describe(plan));

    public static void Write(Release release) => WriteLines(PromotionFormatter.Describe(release));

    private static void WriteLines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            BuildOutput.Information(line);
    }
}
