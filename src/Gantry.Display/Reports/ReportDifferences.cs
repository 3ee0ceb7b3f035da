using System.Collections.Concurrent;
using Gantry.Differences;
using Gantry.Environments;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Display.Reports;

/// <summary>Reads the releases of a report in the base registry, and what differs between them: only what the page has room for.</summary>
/// <param name="repositories">The client that opens the base registry.</param>
/// <param name="policy">The base registry and the images.</param>
/// <param name="time">The clock.</param>
/// <param name="commits">The history of the sources; null without a clone.</param>
internal sealed class ReportDifferences(IRegistryClient repositories, VerificationPolicy policy, TimeProvider time, ICommitLog? commits)
{
    private const int AtOnce = 8;

    private readonly BaseReleases _published = new(repositories, policy.Base, policy.Images, time);

    // The first platform says what changed; all of them would be as many requests again.
    private readonly ReleaseDifferenceReader _reader = new() { Commits = commits, FirstPlatformOnly = true };

    /// <summary>Adds releases and differences to a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<FleetReport> AddToAsync(FleetReport report, CancellationToken cancellationToken)
    {
        var limits = ReportLimits.For(report);
        var shown = report.Histories.SelectMany(history => history.Events.Take(limits.Events)).ToList();
        var changes = shown
            .Where(happened => happened is { Version: not null, Before: not null } && happened.Version != happened.Before)
            .Select(happened => (From: happened.Before!, To: happened.Version!));
        var pending = PendingOf(report.Status).Distinct().ToList();
        var pairs = changes.Concat(pending.Select(change => (change.From, change.To))).Distinct().ToList();
        var versions = report.Status.Cells.Select(cell => cell.Version).OfType<string>()
            .Concat(shown.Select(happened => happened.Version).OfType<string>())
            .Concat(pairs.SelectMany(pair => (string[])[pair.From, pair.To]))
            .Distinct();

        var releases = await ReadAsync(versions, FindAsync, cancellationToken);
        var differences = await ReadAsync(pairs, (pair, token) => CompareAsync(releases, pair.From, pair.To, token), cancellationToken);
        return report with
        {
            Releases = [.. releases.Values],
            Histories = [.. report.Histories.Select(history => history with
            {
                Events = [.. history.Events.Select(happened => happened with
                {
                    Difference = happened.Difference ?? (happened is { Before: { } from, Version: { } to }
                        ? differences.GetValueOrDefault((from, to))
                        : null),
                })],
            })],
            Pending = [.. pending
                .Where(change => differences.ContainsKey((change.From, change.To)))
                .Select(change => new PendingChange(change.Target, differences[(change.From, change.To)]))],
        };
    }

    // The previous environment has the release that the next promotion would bring.
    private static IEnumerable<(PromotionTarget Target, string From, string To)> PendingOf(FleetStatus status) =>
        from cell in status.Cells
        where cell is { Behind: > 0, Version: not null } && cell.Target.Environment.After is not null
        let next = status.Cells.FirstOrDefault(other =>
            other.Image == cell.Image && other.Target.Environment == cell.Target.Environment.After && other.Version is not null)
        where next is not null && next.Version != cell.Version
        select (cell.Target, cell.Version, next.Version);

    private async Task<Release?> FindAsync(string version, CancellationToken cancellationToken)
    {
        try
        {
            return await _published.FindAsync(version, cancellationToken);
        }
        catch (GantryException)
        {
            // It was deleted, or cannot be read: the marks of the status say so where it matters.
            return null;
        }
    }

    private async Task<ReleaseDifference?> CompareAsync(
        Dictionary<string, Release> releases, string from, string to, CancellationToken cancellationToken) =>
        releases.TryGetValue(from, out var before) && releases.TryGetValue(to, out var after)
            ? await _reader.ReadAsync(
                ReleaseToCompare.Of(before, repositories, policy.Base),
                ReleaseToCompare.Of(after, repositories, policy.Base),
                cancellationToken)
            : null;

    private static async Task<Dictionary<TKey, TValue>> ReadAsync<TKey, TValue>(
        IEnumerable<TKey> keys, Func<TKey, CancellationToken, Task<TValue?>> read, CancellationToken cancellationToken)
        where TKey : notnull
        where TValue : class
    {
        var found = new ConcurrentDictionary<TKey, TValue>();
        await Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (key, token) =>
            {
                if (await read(key, token) is { } value)
                    found[key] = value;
            });
        return new Dictionary<TKey, TValue>(found);
    }
}
