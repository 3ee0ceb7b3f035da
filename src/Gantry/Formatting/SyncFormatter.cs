using Gantry.Syncing;

namespace Gantry.Formatting;

/// <summary>Formats results of <c>gantry sync</c> for people.</summary>
public static class SyncFormatter
{
    private static readonly IReadOnlyList<ReportColumn> s_columns =
        [new(""), new("Source"), new("Target"), new("Digest", 2), new("Size", 1)];

    /// <summary>Describes a result: each image that was copied, would be or could not be, and how many are as they should be.</summary>
    /// <param name="result">The result.</param>
    public static TextReport Describe(SyncResult result)
    {
        var shown = result.Items.Where(item => item.State != SyncState.Current).ToList();
        return new(
            "Sync",
            [
                new ReportTable(s_columns, [.. shown.Select(Row)]),
                new ReportList(
                [
                    .. shown.Where(item => item.Error is not null).Select(item => new ReportItem(new(
                        $"{item.Target}: {item.Error!.Message}", ReportTone.Bad))),
                ]),
                new ReportList([new(new(Total(result)))]),
            ]);
    }

    private static IReadOnlyList<ReportText> Row(SyncItem item) =>
    [
        item.State switch
        {
            SyncState.Copied => new("copied", ReportTone.Good),
            SyncState.WouldCopy => new("would copy", ReportTone.Warning),
            SyncState.Failed => new("failed", ReportTone.Bad),
            _ => new("current"),
        },
        new(item.Source),
        new(item.TagBefore is { } before ? $"{item.Target} (was {before.Short})" : item.Target),
        new(item.Digest?.Short ?? ""),
        new(item.State == SyncState.Failed ? "" : Format.Bytes(item.Bytes)),
    ];

    private static string Total(SyncResult result)
    {
        var counts = new[]
        {
            (result.Items.Count(item => item.State == SyncState.Copied), "copied"),
            (result.Items.Count(item => item.State == SyncState.WouldCopy), "would be copied"),
            (result.Items.Count(item => item.State == SyncState.Current), "current"),
            (result.Items.Count(item => item.State == SyncState.Failed), "failed"),
        };
        var named = counts.Where(each => each.Item1 > 0).Select(each => $"{each.Item1} {each.Item2}");
        return $"{Format.Count(result.Items.Count, "image")}: {Format.List(named)}, {Format.Bytes(result.Items.Sum(item => item.Bytes))}";
    }
}
