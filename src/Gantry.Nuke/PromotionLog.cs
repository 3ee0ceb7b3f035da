using Gantry.Copying;
using Gantry.Promotion;
using Serilog;

namespace Gantry.Nuke;

/// <summary>Tells people what a publication or promotion is going to do and what it did.</summary>
internal static class PromotionLog
{
    public static void Write(PromotionPlan plan) => WriteLines(PromotionText.Describe(plan));

    public static void Write(PromotionOutcome outcome) => WriteLines(PromotionText.Describe(outcome));

    public static void Write(PublishedRelease published) => WriteLines(published.Images.Select(PromotionText.Describe));

    /// <summary>Does something that copies, and tells every few seconds how far it is.</summary>
    public static async Task<T> FollowAsync<T>(CopyProgress progress, Func<Task<T>> work)
    {
        using var done = new CancellationTokenSource();
        var telling = ProgressLines.WriteAsync(progress, line => Log.Information("{Line:l}", line), TimeProvider.System, done.Token);
        try
        {
            return await work();
        }
        finally
        {
            await done.CancelAsync();
            await telling;
        }
    }

    private static void WriteLines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Log.Information("{Line:l}", line);
    }
}
