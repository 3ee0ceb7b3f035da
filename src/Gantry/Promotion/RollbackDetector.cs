using Gantry.Environments;
using Gantry.IO;
using Gantry.Registries;

namespace Gantry.Promotion;

/// <summary>
/// Detects a rollback: the release is already in the environment, but another one was promoted after it. Nothing is copied then, but the
/// current release of the environment changes, so the promotion is recorded and passes the gates like any other.
/// </summary>
internal sealed class RollbackDetector(IRegistryClient repositories)
{
    /// <summary>Returns the images, marked at the targets where everything is in place and another release was promoted later.</summary>
    public async Task<IReadOnlyList<ImagePlan>> MarkAsync(
        PromotionRequest request, IReadOnlyList<ImagePlan> images, CancellationToken cancellationToken)
    {
        var settled = images
            .GroupBy(image => image.PromotionTarget)
            .Where(target => target.All(image => image.NothingMoves))
            .Select(target => target.Key);
        var successors = await Concurrently.SelectAsync(
            settled, async (target, token) => (Target: target, Version: await FindAsync(request, target, token)), cancellationToken);
        var later = successors
            .Where(successor => successor.Version is not null)
            .ToDictionary(successor => successor.Target, successor => successor.Version!);
        return [.. images.Select(image => later.TryGetValue(image.PromotionTarget, out var version)
            ? image with { WritesRecord = true, RollsBackFrom = version }
            : image)];
    }

    private async Task<string?> FindAsync(PromotionRequest request, PromotionTarget target, CancellationToken cancellationToken)
    {
        var reader = new EnvironmentReader(repositories);
        var names = request.Release.Images.Select(image => image.Name).ToList();
        var current = (await reader.ReadAsync(target, names, version: null, cancellationToken)).Current;
        if (current?.Since is not { } since || current.Version == request.Release.Version)
            return null;

        // An unreadable status changes nothing: then there is no later release.
        var ours = (await reader.ReadAsync(target, names, request.Release.Version, cancellationToken)).Current;
        return ours?.Since < since ? current.Version : null;
    }
}
