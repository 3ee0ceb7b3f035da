using Gantry.Differences;
using Gantry.Environments;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>Finds what belongs together in a report, and gives each part of the page its anchor. No anchor has text of a record.</summary>
internal sealed class ReportIndex
{
    private readonly Dictionary<Place, EnvironmentHistory> _histories = [];
    private readonly Dictionary<(Place Place, string From), ReleaseDifference> _pending = [];
    private readonly Dictionary<string, Release> _releases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To, int Commits, int Images), string> _differences = [];
    private readonly Dictionary<StatusMark, string> _problems = [];

    public ReportIndex(FleetReport report)
    {
        Report = report;
        Limits = ReportLimits.For(report);
        foreach (var history in report.Histories)
            _histories.TryAdd(Place.Of(history.Target), history);
        foreach (var change in report.Pending)
            _pending.TryAdd((Place.Of(change.Target), change.Difference.From), change.Difference);
        foreach (var release in report.Releases)
            _releases.TryAdd(release.Version, release);
        var events = report.Histories.SelectMany(history => history.Events);
        foreach (var commit in report.Pending.Select(change => change.Difference)
            .Concat(events.Select(happened => happened.Difference).OfType<ReleaseDifference>())
            .SelectMany(difference => difference.Commits))
            _subjects.TryAdd(commit.Hash, commit.Subject);
        foreach (var cell in report.Status.Cells.Where(cell => cell is { Commit: not null, Subject: not null }))
            _subjects.TryAdd(cell.Commit!, cell.Subject!);
        Marks = [.. report.Status.Marks.Concat(report.Status.Cells.SelectMany(cell => cell.Marks)).Distinct()];
        Problems = [.. Marks.Where(mark => mark.Kind != StatusMarkKind.Behind).OrderBy(mark => mark.Kind)];
        foreach (var mark in Problems.Take(Limits.Problems))
            _problems[mark] = $"problem-{_problems.Count + 1}";
    }

    public FleetReport Report { get; }

    public FleetStatus Status => Report.Status;

    public DateTimeOffset Now => Report.Status.AsOf;

    public ReportLimits Limits { get; }

    /// <summary>Gets every mark, once.</summary>
    public IReadOnlyList<StatusMark> Marks { get; }

    /// <summary>Gets what a person should look at, the gravest first; not that the next promotion has not come yet.</summary>
    public IReadOnlyList<StatusMark> Problems { get; }

    /// <summary>Gets the environments, in the order of the targets.</summary>
    public IEnumerable<PromotionEnvironment> Environments => Status.Targets.Select(target => target.Environment).Distinct();

    public EnvironmentHistory? HistoryOf(PromotionTarget target) => _histories.GetValueOrDefault(Place.Of(target));

    public IReadOnlyList<HistoryEvent> EventsOf(PromotionTarget target) => HistoryOf(target)?.Events ?? [];

    public ReleaseDifference? PendingFor(StatusCell cell) =>
        cell.Version is { } version ? _pending.GetValueOrDefault((Place.Of(cell.Target), version)) : null;

    public IEnumerable<ReleaseDifference> PendingOf(PromotionTarget target)
    {
        var place = Place.Of(target);
        return _pending.Where(change => change.Key.Place == place).Select(change => change.Value);
    }

    public Release? ReleaseOf(string version) => _releases.GetValueOrDefault(version);

    public string? SubjectOf(string? commit) => commit is null ? null : _subjects.GetValueOrDefault(commit);

    /// <summary>Returns the anchor of a mark in the list of problems; null when it is not there.</summary>
    public string? AnchorOf(StatusMark mark) => _problems.GetValueOrDefault(mark);

    /// <summary>Returns the anchor of the section of a target.</summary>
    public string AnchorOf(PromotionTarget target) => $"target-{IndexOf(target) + 1}";

    /// <summary>Returns the anchor of what the next promotion would bring to a target.</summary>
    public string AnchorOfPending(PromotionTarget target) => $"next-{IndexOf(target) + 1}";

    /// <summary>
    /// Returns the anchor of a difference, which is shown in full where it comes first: the same releases pass one environment after the
    /// other.
    /// </summary>
    public (string Anchor, bool IsFirst) Introduce(ReleaseDifference difference)
    {
        var key = (difference.From, difference.To, difference.Commits.Count, difference.Images.Count);
        if (_differences.TryGetValue(key, out var anchor))
            return (anchor, false);
        return (_differences[key] = $"change-{_differences.Count + 1}", true);
    }

    private int IndexOf(PromotionTarget target)
    {
        var place = Place.Of(target);
        for (var at = 0; at < Status.Targets.Count; at++)
        {
            if (Place.Of(Status.Targets[at]) == place)
                return at;
        }

        return -1;
    }

    private sealed record Place(string Environment, string? Region)
    {
        public static Place Of(PromotionTarget target) => new(target.Environment.Name, target.Region);
    }
}
