using Gantry.Environments;
using Gantry.IO;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Detects which release a promotion replaces as the current one of an environment. Going back to an older release needs a reason. A
/// release that is in place already, but that another one followed, is recorded and passes the gates like any other. What cannot be read
/// stops the promotion: it may be the newer release.
/// </summary>
internal sealed class RollbackDetector(IRegistryClient repositories, TimeProvider time)
{
    /// <summary>The client that opens registries.</summary>
    public IRegistryClient Registries => repositories;

    /// <summary>
    /// Returns the images, marked at the targets where the promotion replaces the current release. Throws <c>GAN4066</c> when it goes back
    /// without a reason, <c>GAN4067</c> when it is not known whether it does.
    /// </summary>
    /// <param name="request">The promotion.</param>
    /// <param name="images">The planned images.</param>
    /// <param name="reads">Reads the targets; what it has read is not read again when they are planned further.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<ImagePlan>> MarkAsync(
        PromotionRequest request, IReadOnlyList<ImagePlan> images, ReadOnceClient reads, CancellationToken cancellationToken)
    {
        // On the way to another environment, a complete release is neither put over a newer one nor recorded again.
        var mayPass = request.IsOnTheWay && images.All(image => image.IsComplete);
        var replaced = await Concurrently.SelectAsync(
            images.GroupBy(image => image.PromotionTarget),
            async (target, token) =>
            {
                var isSettled = target.All(image => !image.WritesRecord);
                return (Target: target.Key, Replaced: await FindAsync(reads, request, target.Key, isSettled, mayPass, token));
            },
            cancellationToken);
        var found = replaced.Where(each => each.Replaced is not null).ToDictionary(each => each.Target, each => each.Replaced!);
        if (found.Values.Any(current => current.FollowedBy is not null))
            return [.. images.Select(image => image with { FollowedBy = found.GetValueOrDefault(image.PromotionTarget)?.FollowedBy })];
        return [.. images.Select(image => found.TryGetValue(image.PromotionTarget, out var current)
            ? image with { WritesRecord = true, RollsBackFrom = current.RollsBackFrom, LatestPromotion = current.Promoted }
            : image)];
    }

    /// <summary>
    /// Ensures that a return leads to an earlier release than the current one, or to the current one, whose return it completes. Throws
    /// <c>GAN4608</c> when nothing is recorded at a target, <c>GAN4610</c> when the release would replace an older one.
    /// </summary>
    public async Task EnsureReturnsAsync(
        PromotionRequest request, IReadOnlyList<ImagePlan> images, ReadOnceClient reads, CancellationToken cancellationToken)
    {
        var names = request.Release.Images.Select(image => image.Name).ToList();
        foreach (var target in images
            .Where(image => image is { WritesRecord: true, RollsBackFrom: null })
            .Select(image => image.PromotionTarget)
            .Distinct())
        {
            var scope = RecordScope.Of(target, time.GetUtcNow());
            var history = await new EnvironmentReader(reads, time).ReadHistoryAsync(
                target, names, scope, request.Release.Version, cancellationToken);
            if (history.Current is not { } current)
                throw ReturnErrors.NothingBefore(target.DisplayName, current: null);
            if (current != request.Release.Version)
                throw ReturnErrors.NotBack(request.Release.Version, target, current);
        }
    }

    /// <summary>
    /// Ensures that a target is as it was planned, before the promotion is recorded there. Throws <c>GAN4066</c> to <c>GAN4068</c> when
    /// another release was promoted since.
    /// </summary>
    public async Task EnsureUnchangedAsync(
        PromotionRequest request, PromotionTarget target, string? planned, CancellationToken cancellationToken)
    {
        var replaced = await FindAsync(
            new ReadOnceClient(repositories), request, target, isSettled: false, mayPass: false, cancellationToken);
        if (replaced?.RollsBackFrom != planned)
            throw PromotionErrors.OrderChanged(request.Release.Version, target, planned, replaced?.RollsBackFrom);
    }

    /// <summary>
    /// Ensures that a target where the release is in place and recorded was not given a newer one since, before its hosts are changed and
    /// before they are recorded. Throws <c>GAN4066</c> to <c>GAN4068</c> when it was.
    /// </summary>
    public async Task EnsureCurrentAsync(PromotionRequest request, PromotionTarget target, CancellationToken cancellationToken)
    {
        // The reason for going back was given for the release that was current then, and not for one that came since.
        var replaced = await FindAsync(
            new ReadOnceClient(repositories), request, target, isSettled: false, mayPass: false, cancellationToken);
        if (replaced is { RollsBackFrom: { } newer })
            throw PromotionErrors.Overtaken(request.Release.Version, target, newer);
    }

    private sealed record ReplacedRelease(string? RollsBackFrom, DateTimeOffset? Promoted)
    {
        public string? FollowedBy { get; init; }
    }

    // Settled: the release is recorded there, so the promotion records nothing unless another one followed.
    private async Task<ReplacedRelease?> FindAsync(
        ReadOnceClient reads, PromotionRequest request, PromotionTarget target, bool isSettled, bool mayPass,
        CancellationToken cancellationToken)
    {
        var version = request.Release.Version;
        var names = request.Release.Images.Select(image => image.Name).ToList();
        var published = new BaseReleases(reads, request.EarlierReleases, names, time);
        var reader = new EnvironmentReader(reads, time) { Base = published };
        var scope = RecordScope.Of(target, time.GetUtcNow());

        // Nearly always no version there is higher. Then the list of tags is enough, however many lower ones there are.
        if (!isSettled && !await MayHaveNewerAsync(reads, published, target, names, scope, version, cancellationToken))
            return null;

        var history = await reader.ReadHistoryAsync(target, names, scope, version, cancellationToken);
        var isLast = history.Current is null || history.Current == version;
        var order = isLast ? OrderFinding.Newer
            : await new ReleaseOrder(reads, published, time).CompareAsync(request, history, history.Current!, cancellationToken);
        if (order.OlderBecause is null)
        {
            // What could not be read may be the release that was promoted last.
            if (history.Problems is [var problem, ..])
                throw problem;
            if (history.Skipped.Any(skipped => VersionComparer.ComparePrecedence(skipped, version) is not < 0))
                order = OrderFinding.Unknown(PromotionErrors.SkippedVersions(target.DisplayName, history.SkippedVersions).Problem);
        }

        if (mayPass && order.OlderBecause is not null)
            return new ReplacedRelease(RollsBackFrom: null, Promoted: null) { FollowedBy = history.Current };
        if (request.GoBackReason is null && order.OlderBecause is { } relation)
            throw PromotionErrors.GoesBack(version, target, history.Current!, relation);
        if (request.GoBackReason is null && order.UnknownBecause is { } reason)
            throw PromotionErrors.OrderUnknown(version, target, isLast ? null : history.Current, reason);

        // A lower version that was not read may have followed. Another record of this one makes it the current release in any case.
        var latest = history.Promotions is [var last, ..] ? last.Promoted : (DateTimeOffset?)null;
        if (isLast)
            return isSettled && history.SkippedVersions > 0 ? new ReplacedRelease(RollsBackFrom: null, latest) : null;
        return new ReplacedRelease(order == OrderFinding.Newer ? null : history.Current, latest);
    }

    private async Task<bool> MayHaveNewerAsync(
        ReadOnceClient reads, BaseReleases published, PromotionTarget target, IReadOnlyList<string> names, RecordScope scope,
        string version, CancellationToken cancellationToken)
    {
        var newer = new EnvironmentReader(reads, time)
        {
            Base = published,
            Includes = other => other != version && VersionComparer.ComparePrecedence(other, version) is not < 0,
        };
        var history = await newer.ReadHistoryAsync(target, names, scope, wanted: null, cancellationToken);
        if (history.Promotions.Count == 0 && history.Problems is [var problem, ..])
            throw problem;
        return history.Promotions.Count > 0 || history.SkippedVersions > 0;
    }
}
