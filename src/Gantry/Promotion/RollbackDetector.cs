using Gantry.IO;
using Gantry.Registries;

namespace Gantry.Promotion;

/// <summary>
/// Finds out whether another release came to an environment after the one that is promoted again. Then this is a return: nothing is copied,
/// but which release the environment has changes, so it is recorded and passes the gates like any other.
/// </summary>
internal sealed class RollbackDetector(IRegistryClient repositories)
{
    /// <summary>The images, marked at the targets where everything is in place and another release came later.</summary>
    public async Task<IReadOnlyList<PlannedImage>> MarkAsync(PromotionRequest request, IReadOnlyList<PlannedImage> images, CancellationToken cancellationToken)
    {
        var settled = images.GroupBy(image => image.TargetNumber).Where(target => target.All(image => image.NothingMoves)).Select(target => target.Key);
        var successors = await Concurrently.SelectAsync(
            settled, async (number, token) => (Number: number, Version: await FindAsync(request, number, token)), cancellationToken);
        var later = successors.Where(successor => successor.Version is not null).ToDictionary(successor => successor.Number, successor => successor.Version!);
        return [.. images.Select(image => later.TryGetValue(image.TargetNumber, out var version) ? image with { WritesRecord = true, RollsBackFrom = version } : image)];
    }

    private async Task<string?> FindAsync(PromotionRequest request, int number, CancellationToken cancellationToken)
    {
        var reader = new EnvironmentReader(repositories);
        var place = new EnvironmentPlace(request.Environment, request.Regions.ElementAtOrDefault(number), request.Targets[number]);
        var names = request.Release.Images.Select(image => image.Name).ToList();
        var current = (await reader.ReadAsync(place, names, version: null, cancellationToken)).Current;
        if (current?.Since is not { } since || current.Version == request.Release.Version)
            return null;

        // What cannot be read changes nothing: then it is as if nothing else were there.
        var ours = (await reader.ReadAsync(place, names, request.Release.Version, cancellationToken)).Current;
        return ours?.Since < since ? current.Version : null;
    }
}
