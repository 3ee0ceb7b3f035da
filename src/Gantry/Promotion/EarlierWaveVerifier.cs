using Gantry.Environments;
using Gantry.IO;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Verifies that a release is the current one in the regions of earlier waves, deployed and checked, before it goes to a later wave. The
/// registries are the proof: a region that went back in the meantime does not count.
/// </summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="time">The clock, which shows that the date of a record cannot be true.</param>
internal sealed class EarlierWaveVerifier(IRegistryClient repositories, TimeProvider time)
{
    /// <summary>Throws <see cref="ArgumentException"/> when the request leaves out a region of an earlier wave.</summary>
    public static void EnsureComplete(PromotionRequest request)
    {
        var environment = request.Environment;
        if (request.Returns || request.Slice is not null || environment.Waves.Count == 0)
            return;
        var last = request.Targets.Max(target => environment.WaveOf(target.Region)) ?? 1;
        var needed = environment.Waves.Take(last - 1).SelectMany(wave => wave).Except(request.Targets.Select(target => target.Region));
        if (request.EarlierWaves.Any(target => target.Environment != environment)
            || !needed.Order(StringComparer.Ordinal).SequenceEqual(
                request.EarlierWaves.Select(target => target.Region).Order(StringComparer.Ordinal)))
            throw new ArgumentException(
                $"A promotion to wave {last} of {environment} needs every registry of the waves before.", nameof(request));
    }

    /// <summary>
    /// Returns the time at which the release came to each registry of earlier waves. Throws <c>GAN4621</c> when it is not the current
    /// release of one, or not done there, and the errors of registries that cannot be read.
    /// </summary>
    /// <param name="request">The promotion.</param>
    /// <param name="earlier">The registries.</param>
    /// <param name="later">A registry that the release goes to next.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyDictionary<PromotionTarget, DateTimeOffset>> RequireReleaseAsync(
        PromotionRequest request, IReadOnlyCollection<PromotionTarget> earlier, PromotionTarget later, CancellationToken cancellationToken)
    {
        if (request.Returns || request.Slice is not null)
            return new Dictionary<PromotionTarget, DateTimeOffset>();
        var found = await Concurrently.SelectAsync(
            earlier,
            async (target, token) => (Target: target, Time: await RequireReleaseAsync(request.Release, target, later, token)),
            cancellationToken);
        return found.ToDictionary(each => each.Target, each => each.Time);
    }

    private async Task<DateTimeOffset> RequireReleaseAsync(
        Release release, PromotionTarget earlier, PromotionTarget later, CancellationToken cancellationToken)
    {
        var images = release.Images.Select(image => image.Name).ToList();
        var status = await new EnvironmentReader(repositories, time).ReadAsync(earlier, images, version: null, cancellationToken);
        if (status.Release?.Record is null)
            throw status.Problems is [var problem, ..] ? problem : Error("has no release");
        if (status.Release.Version != release.Version)
            throw Error($"has '{status.Release.Version}'");
        if (release.Images.FirstOrDefault(image =>
            status.Release.Images.All(there => there.Name != image.Name || there.Digest != image.Digest)) is { } missing)
            throw Error($"has another image '{missing.Name}' under that version, or none");
        return earlier.Environment.HasHosts && !status.Release.HostsConfirmed
            ? throw Error("has not confirmed that its hosts run it")
            : status.History[0].Promoted;

        GantryException Error(string found) => WaveErrors.NotInEarlierWave(release.Version, later, earlier, found);
    }
}
