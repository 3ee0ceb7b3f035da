using Gantry.Promotion;
using Gantry.Releases;

namespace Gantry.Status;

/// <summary>Turns the records of promotions into events, each with what was there before.</summary>
internal static class PromotionEvents
{
    /// <summary>Returns the events, the earliest first.</summary>
    /// <param name="records">The records of one place that count, in any order.</param>
    public static IReadOnlyList<HistoryEvent> Of(IEnumerable<PromotionRecord> records)
    {
        var events = new List<HistoryEvent>();
        var sorted = records
            .Where(record => record.Renews is null)
            .OrderBy(record => record.Promoted)
            .ThenBy(record => record.Version, VersionComparer.Instance)
            .ThenBy(record => record.Hosts is not null);
        foreach (var record in sorted)
        {
            // The record of the hosts follows that of the images, and is of the same promotion.
            if (events is [.., { Promotion: { Hosts: null } images } last] && record.Hosts is not null && images.Version == record.Version)
                events[^1] = last with { Promotion = record };
            else
                events.Add(Describe(record, events is [.., var before] ? before.Version : null));
        }

        return events;
    }

    private static HistoryEvent Describe(PromotionRecord record, string? before) => new()
    {
        Kind = KindOf(record),
        Time = record.Promoted,
        Version = record.Version,
        Before = before,
        By = record.By.ToString(),
        Reason = record.WentBack?.Reason ?? record.BreakGlass?.Reason
            ?? record.Gates.FirstOrDefault(gate => gate.Verdict == GateVerdict.Overridden)?.Reason
            ?? record.MovedTag?.Reason,
        Promotion = record,
    };

    private static HistoryEventKind KindOf(PromotionRecord record) => record switch
    {
        { WentBack.Cause: not null } => HistoryEventKind.AutomaticReturn,
        { WentBack: not null } => HistoryEventKind.Return,
        { Bypass: not null } => HistoryEventKind.Bypass,
        _ => HistoryEventKind.Promotion,
    };
}
