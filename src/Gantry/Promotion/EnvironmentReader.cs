using Gantry.Environments;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Reads which release is in an environment: the one that was promoted last, by the promotion records beside the images. Compares what is
/// under its tags with these records and with the base registry. Writes nothing.
/// </summary>
/// <remarks>
/// One read asks a registry each question once. What remains for an image are its tags, the digest of one and the referrers of that, when
/// the client caches contents (<see cref="CachedRegistryClient"/>).
/// </remarks>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="time">The clock, which shows that the date of a record cannot be true; the system clock by default.</param>
public sealed class EnvironmentReader(IRegistryClient repositories, TimeProvider? time = null)
{
    /// <summary>
    /// The maximum number of versions of an image that are read, the highest first. A registry may hold thousands, and each takes two
    /// requests.
    /// </summary>
    public int MaximumVersions { get; init; } = 1000;

    /// <summary>The releases of the base registry, which the environment is compared with; null when it is not.</summary>
    public BaseReleases? Base { get; init; }

    /// <summary>Reads one registry; errors and differences are in its status.</summary>
    /// <param name="target">The registry.</param>
    /// <param name="images">The names of the images of the build.</param>
    /// <param name="version">The version of the release to look for; null for the current one.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<EnvironmentStatus> ReadAsync(
        PromotionTarget target, IReadOnlyList<string> images, string? version, CancellationToken cancellationToken)
    {
        var scope = RecordScope.Of(target, (time ?? TimeProvider.System).GetUtcNow());
        var reads = ReadOnceClient.Of(repositories);
        var history = await ReadHistoryAsync(reads, target, images, scope, version, cancellationToken);

        // Without any record that counts it is not known which one is the current release. The highest version is shown, and said to be
        // unrecorded.
        var shown = version ?? history.Current ?? history.Unrecorded.Concat(history.Unproven).FirstOrDefault();
        var found = shown is null || history.OfOtherEnvironments.Contains(shown)
            ? null
            : await new PromotedReleaseReader(reads, target, scope) { Base = Base }.ReadAsync(
                shown, images, history, cancellationToken);
        return new EnvironmentStatus
        {
            Target = target,
            Release = found?.Release,
            History = history.Promotions,
            UnrecordedVersions = [.. history.Unrecorded.Where(other => other != found?.Release?.Version)],
            SkippedVersions = history.SkippedVersions,
            IgnoredPlaces = [.. history.Elsewhere.Union(found?.Elsewhere ?? [])],
            Problems =
            [
                .. Skipped(target, history),
                .. history.Problems.Concat(found?.Problems ?? []).Concat(history.Implausible).DistinctBy(problem => problem.Message),
            ],
            ImageProblems = [.. history.ImageProblems, .. found?.ImageProblems ?? []],
        };
    }

    private static IEnumerable<GantryException> Skipped(PromotionTarget target, PromotionHistory history) =>
        history.SkippedVersions > 0 ? [PromotionErrors.SkippedVersions(target.DisplayName, history.SkippedVersions)] : [];

    /// <summary>The versions whose promotions are read; all of them when null.</summary>
    internal Func<string, bool>? Includes { get; init; }

    /// <summary>The versions whose promotions are checked in any case.</summary>
    internal IReadOnlySet<string> Checked { get; init; } = new HashSet<string>();

    /// <summary>Reads the promotions that are recorded in one registry.</summary>
    internal Task<PromotionHistory> ReadHistoryAsync(
        PromotionTarget target, IReadOnlyList<string> images, RecordScope scope, string? wanted, CancellationToken cancellationToken) =>
        ReadHistoryAsync(ReadOnceClient.Of(repositories), target, images, scope, wanted, cancellationToken);

    private Task<PromotionHistory> ReadHistoryAsync(
        ReadOnceClient reads, PromotionTarget target, IReadOnlyList<string> images, RecordScope scope, string? wanted,
        CancellationToken cancellationToken) =>
        new HistoryReader(reads, target, images, scope)
        {
            MaximumVersions = MaximumVersions,
            Base = Base,
            Includes = Includes,
            Checked = Checked,
        }.ReadAsync(wanted, cancellationToken);
}
