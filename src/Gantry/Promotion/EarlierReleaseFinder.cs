using Gantry.Environments;
using Gantry.Holds;
using Gantry.IO;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Finds the release that was in an environment before the current one, from the promotions that are recorded there. A release that the
/// environment went back from is none: after 1.4.0, 1.4.1, 1.4.2 and the way back to 1.4.1, it is 1.4.0.
/// </summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class EarlierReleaseFinder(IRegistryClient repositories, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>False to read the promotions only, and no hold.</summary>
    internal bool UsesHolds { get; init; } = true;

    /// <summary>
    /// Finds the version. When the environment is held because it went back, it is the version that the hold names: going back is then
    /// completed, and not done once more. Where a promotion stopped between waves, it is what the regions that it did not reach still
    /// have. Throws <c>GAN4608</c> when there is none, <c>GAN4609</c> when regions differ, and what cannot be
    /// read.
    /// </summary>
    /// <param name="targets">The registries of the environment, of all regions that are to go back.</param>
    /// <param name="images">The names of the images.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<string> FindAsync(
        IReadOnlyList<PromotionTarget> targets, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var found = await Concurrently.SelectAsync(
            targets,
            async (target, token) => UsesHolds && await FindHeldAsync(target, images, token) is { } held
                ? new FoundRelease(target, held, Current: null)
                : await FindBeforeAsync(target, images, token),
            cancellationToken);
        if (found.Select(one => one.Before).Distinct(StringComparer.Ordinal).ToList() is [{ } version])
            return version;
        if (FindUnreached(found) is { } kept)
            return kept;
        if (found.FirstOrDefault(one => one.Before is null) is { } first)
            throw ReturnErrors.NothingBefore(first.Target.DisplayName, first.Current);
        throw ReturnErrors.RegionsDiffer(
            targets[0].Environment.DisplayName, found.Select(one => $"{one.Target.DisplayName}: {one.Before}"));
    }

    private sealed record FoundRelease(PromotionTarget Target, string? Before, string? Current);

    // A promotion that stopped between waves: what the reached regions had before is what the others still have.
    private static string? FindUnreached(IReadOnlyList<FoundRelease> found)
    {
        if (found[0].Target.Environment.Waves.Count == 0)
            return null;
        var common = found
            .Select(one => one.Before)
            .Distinct(StringComparer.Ordinal)
            .Where(version => version is not null && found.All(one => one.Before == version || one.Current == version))
            .ToList();
        return common is [var only] ? only : null;
    }

    private async Task<string?> FindHeldAsync(PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var state = await new HoldReader(repositories, _time).ReadAsync(target, images, cancellationToken);
        return state.Open is { Cause: HoldCause.Rollback or HoldCause.AutomaticReturn, Version: { } version } ? version : null;
    }

    private async Task<FoundRelease> FindBeforeAsync(
        PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var reads = ReadOnceClient.Of(repositories);
        var scope = RecordScope.Of(target, _time.GetUtcNow());
        var failed = new HashSet<string>(StringComparer.Ordinal);
        var isChecked = new HashSet<string>(StringComparer.Ordinal);

        // What decides is checked: the promotions of the current release, and those of the one before. Each round checks, or leaves out,
        // another version.
        while (true)
        {
            var history = await new EnvironmentReader(reads, _time) { Checked = isChecked }.ReadHistoryAsync(
                target, images, scope, wanted: null, cancellationToken);
            if (history.Problems.FirstOrDefault(problem => !IsOfOthers(problem)) is { } problem)
                throw problem;
            if (history.SkippedVersions > 0)
                throw ReturnErrors.SkippedVersions(target.DisplayName, history.SkippedVersions);
            var before = FindBefore([.. history.Promotions.Where(promotion => !failed.Contains(promotion.Version))]);
            if (before is null)
                return new FoundRelease(target, Before: null, history.Current);
            if (!isChecked.Add(before))
            {
                if (!target.Environment.HasHosts || await HasRunAsync(reads, target, images[0], scope, before, cancellationToken))
                    return new FoundRelease(target, before, history.Current);
                failed.Add(before);
            }
        }
    }

    // A release that no host has run is none to go back to: its deployment or health check has failed.
    private static async Task<bool> HasRunAsync(
        ReadOnceClient reads, PromotionTarget target, string image, RecordScope scope, string version, CancellationToken cancellationToken)
    {
        var repository = reads.Open(target.Address, image);
        if (await repository.FindTagAsync(ReleaseTag.Of(version), cancellationToken) is not { } tagged)
            return false;
        var found = await PromotionReferrer.FindAsync(repository, tagged.Digest, scope, version, cancellationToken);
        return found.Records.Any(record => record.Hosts is not null);
    }

    // What was read and does not count says nothing. What could not be read may be the current release.
    private static bool IsOfOthers(GantryException problem) =>
        problem.Code.StartsWith("GAN42", StringComparison.Ordinal) && problem.Code != "GAN4209";

    /// <summary>
    /// Finds the version under the current one. A promotion puts a release on top; one of a release that is there already takes off what
    /// is above it.
    /// </summary>
    /// <param name="promotions">The promotions, the latest first.</param>
    internal static string? FindBefore(IReadOnlyList<RecordedPromotion> promotions)
    {
        var releases = new List<string>();
        foreach (var promotion in promotions.Reverse())
        {
            if (releases.IndexOf(promotion.Version) is var there and >= 0)
                releases.RemoveRange(there + 1, releases.Count - there - 1);
            else
                releases.Add(promotion.Version);
        }

        return releases is [.., var before, _] ? before : null;
    }
}
