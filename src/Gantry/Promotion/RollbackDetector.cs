using Gantry.Environments;
using Gantry.IO;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Detects a rollback: the release is already in the environment, but another one was promoted after it. Its images are in place then, but
/// the current release of the environment changes, so the promotion is recorded and passes the gates like any other. Throws the first
/// problem of reading the other promotions when it hides whether there was one.
/// </summary>
internal sealed class RollbackDetector(IRegistryClient repositories, TimeProvider time)
{
    /// <summary>Returns the images, marked at the targets where the release is recorded and another one was promoted later.</summary>
    public async Task<IReadOnlyList<ImagePlan>> MarkAsync(
        PromotionRequest request, IReadOnlyList<ImagePlan> images, CancellationToken cancellationToken)
    {
        var settled = images
            .GroupBy(image => image.PromotionTarget)
            .Where(target => target.All(image => !image.WritesRecord))
            .Select(target => target.Key);
        var found = await Concurrently.SelectAsync(
            settled, async (target, token) => (Target: target, Current: await FindAsync(request, target, token)), cancellationToken);
        var currents = found
            .Where(other => other.Current is not null)
            .ToDictionary(other => other.Target, other => other.Current!);
        return [.. images.Select(image => currents.TryGetValue(image.PromotionTarget, out var current)
            ? image with { WritesRecord = true, RollsBackFrom = current.Version, LatestPromotion = current.Promoted }
            : image)];
    }

    // The version is null when it is not known whether another release followed.
    private sealed record Later(string? Version, DateTimeOffset? Promoted);

    private async Task<Later?> FindAsync(PromotionRequest request, PromotionTarget target, CancellationToken cancellationToken)
    {
        var names = request.Release.Images.Select(image => image.Name).ToList();
        var reader = new EnvironmentReader(repositories, time) { Base = new BaseReleases(repositories, request.Base, names, time) };
        var history = await reader.ReadHistoryAsync(
            target, names, RecordScope.Of(target, time.GetUtcNow()), request.Release.Version, cancellationToken);
        if (history.FindSuccessor(request.Release.Version) is not null)
            return new Later(history.Promotions[0].Version, history.Promotions[0].Promoted);

        // What could not be read may be the release that followed. Then nothing would happen, and look like success.
        if (history.Problems is [var problem, ..])
            throw problem;

        // A lower version may be the release that followed. Another record of this one makes it the current release in any case.
        return history.SkippedVersions > 0
            ? new Later(Version: null, history.Promotions is [var latest, ..] ? latest.Promoted : null)
            : null;
    }
}
