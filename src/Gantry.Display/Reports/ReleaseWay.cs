using Gantry.Environments;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>The way of one release: where it began, and when it came to each environment.</summary>
/// <param name="Version">The version.</param>
/// <param name="Commit">The full hash of its commit; null when it is not known.</param>
/// <param name="Base">Its record in the base registry; null when it was not read.</param>
/// <param name="Stops">The environments, in their order; those that it has not reached, too.</param>
internal sealed record ReleaseWay(string Version, string? Commit, Release? Base, IReadOnlyList<WayStop> Stops)
{
    /// <summary>Gets the time of the last arrival, or that of the build.</summary>
    public DateTimeOffset Latest => Stops.Select(stop => stop.Arrival?.Time).Append(Base?.Created).Max() ?? DateTimeOffset.MinValue;

    /// <summary>Returns the ways of the releases that are somewhere, and of others, the latest first.</summary>
    /// <param name="index">The report.</param>
    /// <param name="total">The number of all releases that are known.</param>
    public static IReadOnlyList<ReleaseWay> Find(ReportIndex index, out int total)
    {
        var events = index.Status.Targets
            .SelectMany(target => index.EventsOf(target).Where(BringsRelease).Select(happened => (Target: target, Event: happened)))
            .ToLookup(pair => pair.Event.Version!, StringComparer.Ordinal);
        var current = index.Status.Cells.Where(cell => cell.Version is not null).ToLookup(cell => cell.Version!, StringComparer.Ordinal);
        var versions = events.Select(group => group.Key)
            .Concat(current.Select(group => group.Key))
            .Concat(index.Report.Releases.Select(release => release.Version))
            .ToHashSet(StringComparer.Ordinal);
        total = versions.Count;
        return [.. versions
            .Select(version => Create(index, version, [.. events[version]], [.. current[version]]))
            .OrderByDescending(way => way.Stops.Any(stop => stop.IsCurrent))
            .ThenByDescending(way => way.Latest)
            .Take(index.Limits.Ways)
            .OrderByDescending(way => way.Latest)
            .ThenByDescending(way => way.Version, StringComparer.Ordinal)];
    }

    private static bool BringsRelease(HistoryEvent happened) =>
        happened is { Version: not null, Kind: not (HistoryEventKind.Hold or HistoryEventKind.HoldReleased) };

    private static ReleaseWay Create(
        ReportIndex index,
        string version,
        IReadOnlyList<(PromotionTarget Target, HistoryEvent Event)> events,
        IReadOnlyList<StatusCell> current)
    {
        var origin = index.ReleaseOf(version);
        var stops = new List<WayStop>();
        foreach (var environment in index.Environments)
        {
            var arrivals = events.Where(pair => pair.Target.Environment == environment).Select(pair => pair.Event).ToList();
            var cells = current.Where(cell => cell.Target.Environment == environment).ToList();
            var arrival = arrivals.MinBy(happened => happened.Time);
            stops.Add(new WayStop(environment)
            {
                Arrival = arrival,
                Since = arrival?.Time ?? cells.Select(cell => cell.Since).Min(),
                IsCurrent = cells.Count > 0,
                Before = environment.After is { } after
                    ? stops.FirstOrDefault(stop => stop.Environment == after)?.Since
                    : origin?.Created,
            });
        }

        var commit = origin?.Commit ?? current.Select(cell => cell.Commit).FirstOrDefault(hash => hash is not null);
        return new ReleaseWay(version, commit, origin, stops);
    }
}

/// <summary>One environment on the way of a release.</summary>
/// <param name="Environment">The environment.</param>
internal sealed record WayStop(PromotionEnvironment Environment)
{
    /// <summary>The first promotion to it; null when it was not promoted, or the history does not say.</summary>
    public HistoryEvent? Arrival { get; init; }

    /// <summary>The time of the first arrival; null when it is not known, or has not happened.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time of the arrival in the previous environment, or of the build; null when it is not known.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>True when the release is there now.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>The time for which the release had been in the previous environment when it came here; null when it is not known.</summary>
    public TimeSpan? Waited => Since is { } since && Before is { } before && since >= before ? since - before : null;

    /// <summary>The time for which a release must have been in the previous environment; null for none.</summary>
    public TimeSpan? Soak => Environment.Gates.OfType<SoakGate>().Select(gate => (TimeSpan?)gate.Duration).Max();
}
