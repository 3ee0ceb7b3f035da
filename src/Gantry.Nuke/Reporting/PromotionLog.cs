using Gantry.AzurePipelines.Reporting;
using Gantry.Formatting;
using Gantry.Promotion;
using Gantry.Releases;
using Serilog;

namespace Gantry.Nuke.Reporting;

/// <summary>Logs the plan and the result of a publication or promotion.</summary>
internal static class PromotionLog
{
    public static void Write(PromotionPlan plan) => WriteLines(PromotionFormatter.Describe(plan));

    public static void Write(PromotionOutcome outcome) => WriteLines(PromotionFormatter.Describe(outcome));

    public static void Write(PublishedRelease published) => WriteLines(published.Images.Select(PromotionFormatter.Describe));

    public static void Write(Release release) => WriteLines(PromotionFormatter.Describe(release));

    // Reasons and versions are typed by people; an agent must not interpret them as commands.
    private static void WriteLines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Log.Information("{Line:l}", LoggingCommand.Neutralize(line));
    }
}
