using Gantry.Promotion;
using Gantry.Status;

namespace Gantry.Formatting;

/// <summary>Formats the history of environments, and the way of an image, for people.</summary>
public static class HistoryFormatter
{
    private const int NamedCommits = 3;

    private static readonly IReadOnlyList<ReportColumn> s_columns =
        [new("Time"), new("What"), new("Release"), new("Before", 2), new("By", 1), new("Gates", 4), new("Changed", 3)];

    private static readonly IReadOnlyList<ReportColumn> s_steps =
        [new("Time"), new("Place"), new("What"), new("After", 1), new("By", 2), new("Gates", 4), new("Signed", 3)];

    /// <summary>Describes the history of the registries of an environment, the latest first.</summary>
    /// <param name="title">The name of the environment.</param>
    /// <param name="histories">The history of each of its registries.</param>
    public static TextReport Describe(string title, IReadOnlyList<EnvironmentHistory> histories) => new(
        $"History of {title}",
        [.. histories.SelectMany(history => Parts(history, histories.Count > 1))]);

    /// <summary>Describes the way of an image: how it was built, and how it came to each place.</summary>
    /// <param name="audit">What is known about the image.</param>
    public static TextReport DescribeWay(DigestAudit audit)
    {
        var way = audit.WayOnly();
        var steps = way.Entries.Select((entry, number) => Step(entry, number == 0 ? null : way.Entries[number - 1].Time));
        return new(
            $"The way of {audit.Image}{(audit.Version is { } version ? " " + version : "")}",
            [
                new ReportTable(s_steps, [.. steps]),
                new ReportList(
                [
                    new(new($"{audit.Image}@{audit.Digest}", ReportTone.Faint) { IsCode = true }),
                    .. audit.Places.Where(place => place.IsThere != true).Select(place => new ReportItem(new(
                        $"{place.Name}: {(place.IsThere is null ? "cannot be read" : "not there")}", ReportTone.Warning))),
                    .. audit.Problems.Select(problem => new ReportItem(new($"{problem.Place}: {problem.Error.Message}", ReportTone.Bad))),
                ]),
            ]);
    }

    private static IEnumerable<ReportPart> Parts(EnvironmentHistory history, bool isNamed)
    {
        if (isNamed)
            yield return new ReportHeading(new(history.Target.DisplayName));
        yield return new ReportTable(s_columns, [.. history.Events.Select(Row)]);
        if (history.Events.Count == 0)
            yield return new ReportList([new(new("nothing is recorded there"))]);
        yield return new ReportList([.. history.Events.Where(one => one.Reason is not null).Select(one => new ReportItem(new(
            $"{Format.Time(one.Time)}: {NameOf(one.Kind)}, because: {one.Reason}", ToneOf(one.Kind))))]);
        yield return new ReportList([.. history.Events.Where(one => one.Difference is not null).SelectMany(Changes)]);
        yield return new ReportList([.. history.Problems.Select(problem =>
            new ReportItem(new($"{history.Target.DisplayName}: {problem.Message}", ReportTone.Bad)))]);
    }

    private static IReadOnlyList<ReportText> Row(HistoryEvent one) =>
    [
        new(Format.Time(one.Time)),
        new($"{NameOf(one.Kind)}{(one.Promotion?.Wave is { } wave ? $", {wave}" : "")}", ToneOf(one.Kind)),
        new($"{one.Version}"),
        new($"{one.Before}"),
        new(one.By) { Link = one.Promotion?.By.RunUrl },
        new(GatesOf(one.Promotion)),
        new(one.Difference is { } difference ? ReleaseDifferenceFormatter.Summarize(difference) : ""),
    ];

    private static IEnumerable<ReportItem> Changes(HistoryEvent one)
    {
        var commits = one.Difference!.Commits;
        if (commits.Count > 0)
            yield return new(new($"{one.Before} -> {one.Version}: {ReleaseDifferenceFormatter.Summarize(one.Difference)}"))
            {
                Details =
                [
                    .. commits.Take(NamedCommits).Select(commit =>
                        new ReportText($"{commit.Hash[..Math.Min(12, commit.Hash.Length)]} {commit.Subject}", ReportTone.Faint)),
                    .. commits.Count > NamedCommits
                        ? [new ReportText($"and {commits.Count - NamedCommits} more", ReportTone.Faint)] : (ReportText[])[],
                ],
            };
    }

    private static IReadOnlyList<ReportText> Step(AuditEntry entry, DateTimeOffset? before) =>
    [
        new(entry.Time is { } time ? Format.Time(time) : ""),
        new(entry.Place),
        new(entry.Text, entry.Kind is AuditKind.Build or AuditKind.Release or AuditKind.Promotion ? ReportTone.Plain : ReportTone.Warning),
        new(entry.Time is { } at && before is { } earlier && at > earlier ? Format.Elapsed(at - earlier) : ""),
        new($"{entry.By}") { Link = entry.Promotion?.By.RunUrl },
        new(GatesOf(entry.Promotion)),
        new(entry.State == AuditState.Verified ? "yes" : "no"),
    ];

    private static IEnumerable<DisplayText> GatesOf(PromotionRecord? promotion) =>
        (promotion?.Gates ?? []).Select(gate => (DisplayText)$"{gate.Gate}: {StatusFormatter.NameOf(gate.Verdict)}").DefaultIfEmpty("");

    private static string NameOf(HistoryEventKind kind) => kind switch
    {
        HistoryEventKind.Promotion => "promoted",
        HistoryEventKind.Return => "went back",
        HistoryEventKind.AutomaticReturn => "went back by itself",
        HistoryEventKind.Bypass => "promoted past a check",
        HistoryEventKind.Hold => "held",
        _ => "hold ended",
    };

    private static ReportTone ToneOf(HistoryEventKind kind) =>
        kind is HistoryEventKind.Promotion or HistoryEventKind.HoldReleased ? ReportTone.Plain : ReportTone.Warning;
}
