using Gantry.Differences;
using Gantry.Environments;
using Gantry.Holds;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Status;

/// <summary>
/// Reads everything that happened in one registry of an environment: promotions, returns, bypasses and holds. Writes nothing. What cannot
/// be read, and what does not count, is a problem of the history.
/// </summary>
/// <remarks>
/// A promotion is recorded beside each image, so the first image of a version that has a record is enough. A version costs two requests,
/// and a manifest and a blob for each of its promotions, once (<see cref="CachedRegistryClient"/>).
/// </remarks>
/// <param name="repositories">The client that opens the registry.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class EnvironmentHistoryReader(IRegistryClient repositories, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The releases of the base registry; null when they are not compared.</summary>
    public BaseReleases? Base { get; init; }

    /// <summary>
    /// The maximum number of versions whose promotions are read, those that were promoted last. Of what came before, nothing is listed.
    /// </summary>
    public int MaximumVersions { get; init; } = 100;

    /// <summary>Reads what changed from one release to the next; null when that is not asked for.</summary>
    public ReleaseDifferenceReader? Differences { get; init; }

    /// <summary>Reads the history of a registry.</summary>
    /// <param name="target">The registry.</param>
    /// <param name="images">The names of the images.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<EnvironmentHistory> ReadAsync(
        PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var client = ReadOnceClient.Of(repositories);
        var scope = RecordScope.Of(target, _time.GetUtcNow());
        var history = await new EnvironmentReader(client, _time) { Base = Base }.ReadHistoryAsync(
            target, images, scope, wanted: null, cancellationToken);
        var problems = new List<GantryException>([.. history.Problems, .. history.Implausible]);
        var versions = history.Promotions.Select(promotion => promotion.Version).Distinct().ToList();
        var read = await Concurrently.SelectAsync(
            versions.Take(MaximumVersions),
            (version, token) => ReadVersionAsync(client, target, images, scope, version, token),
            cancellationToken);
        problems.AddRange(read.SelectMany(version => version.Problems));
        if (versions.Count > MaximumVersions)
            problems.Add(StatusErrors.EarlierHistory(target.DisplayName, MaximumVersions, versions.Count - MaximumVersions));
        var holds = await ReadHoldsAsync(client, target, images, problems, cancellationToken);
        var promotions = await CompareAsync(
            PromotionEvents.Of(read.SelectMany(version => version.Records)), problems, cancellationToken);
        return new EnvironmentHistory
        {
            Target = target,
            Events = [.. promotions.Reverse().Concat(holds).OrderByDescending(one => one.Time).ThenBy(RankOf)],
            Problems = [.. problems.DistinctBy(problem => problem.Message)],
        };
    }

    // Earlier versions wrote whole seconds. A hold begins before the return that it belongs to, and ends after the promotion that ends it.
    private static int RankOf(HistoryEvent one) => one.Kind switch
    {
        HistoryEventKind.HoldReleased => 0,
        HistoryEventKind.Hold => 2,
        _ => 1,
    };

    private sealed record ReadVersion(IReadOnlyList<PromotionRecord> Records, IReadOnlyList<GantryException> Problems);

    private async Task<ReadVersion> ReadVersionAsync(
        ReadOnceClient client, PromotionTarget target, IReadOnlyList<string> images, RecordScope scope, string version,
        CancellationToken cancellationToken)
    {
        var problems = new List<GantryException>();
        foreach (var image in images)
        {
            try
            {
                var repository = client.Open(target.Address, image);
                foreach (var digest in await FindDigestsAsync(repository, image, version, cancellationToken))
                {
                    var found = await PromotionReferrer.FindAsync(repository, digest, scope, version, cancellationToken);
                    problems.AddRange(found.Ignored);
                    if (found.Records.Count > 0)
                        return new ReadVersion(found.Records, problems);
                }
            }
            catch (GantryException problem)
            {
                problems.Add(problem);
            }
        }

        return new ReadVersion([], problems);
    }

    // Where the tag was moved, the records are beside the image that the base registry has under it.
    private async Task<IReadOnlyList<Digest>> FindDigestsAsync(
        IImageRepository repository, string image, string version, CancellationToken cancellationToken)
    {
        var tag = ReleaseTag.Of(version);
        var there = (await repository.FindTagAsync(tag, cancellationToken))?.Digest;
        var released = Base is null ? null : await TryFindReleasedAsync(Base, image, tag, cancellationToken);
        return [.. ((Digest?[])[there, released]).OfType<Digest>().Distinct()];
    }

    private static async Task<Digest?> TryFindReleasedAsync(
        BaseReleases published, string image, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return await published.FindTagAsync(image, tag, cancellationToken);
        }
        catch (GantryException)
        {
            // What is in the environment is read in any case.
            return null;
        }
    }

    private async Task<IReadOnlyList<HistoryEvent>> ReadHoldsAsync(
        IRegistryClient client, PromotionTarget target, IReadOnlyList<string> images, List<GantryException> problems,
        CancellationToken cancellationToken)
    {
        try
        {
            var holds = await new HoldReader(client, _time).ReadAsync(target, images, cancellationToken);
            problems.AddRange(holds.Ignored);
            return
            [
                .. holds.Statements.Select(hold => new HistoryEvent
                {
                    Kind = hold.Held ? HistoryEventKind.Hold : HistoryEventKind.HoldReleased,
                    Time = hold.Time,
                    Version = hold.Version,
                    By = hold.By,
                    Reason = hold.Reason,
                }),
            ];
        }
        catch (GantryException problem)
        {
            problems.Add(problem);
            return [];
        }
    }

    private async Task<IReadOnlyList<HistoryEvent>> CompareAsync(
        IReadOnlyList<HistoryEvent> events, List<GantryException> problems, CancellationToken cancellationToken)
    {
        if (Differences is null || Base is null)
            return events;
        var compared = new List<HistoryEvent>();
        foreach (var one in events)
        {
            try
            {
                compared.Add(one.Before is { } before && before != one.Version
                    ? one with { Difference = await CompareAsync(before, one.Version!, Differences, Base, cancellationToken) }
                    : one);
            }
            catch (GantryException problem)
            {
                problems.Add(problem);
                compared.Add(one);
            }
        }

        return compared;
    }

    private static async Task<ReleaseDifference> CompareAsync(
        string before, string after, ReleaseDifferenceReader differences, BaseReleases published, CancellationToken cancellationToken) =>
        await differences.ReadAsync(
            await FindAsync(before, published, cancellationToken),
            await FindAsync(after, published, cancellationToken),
            cancellationToken);

    private static async Task<ReleaseToCompare> FindAsync(
        string version, BaseReleases published, CancellationToken cancellationToken) =>
        ReleaseToCompare.Of(await published.FindAsync(version, cancellationToken), published.Client, published.Address);
}
