using Gantry.Environments;
using Gantry.IO;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Differences.Selection;

/// <summary>Finds the release that is in one registry of an environment, with its record, which is copied with its images.</summary>
/// <param name="repositories">The client that opens the registry.</param>
/// <param name="time">The clock.</param>
internal sealed class PromotedReleaseFinder(IRegistryClient repositories, TimeProvider time)
{
    /// <summary>The maximum number of versions that are read, the highest first.</summary>
    public int MaximumVersions { get; init; } = 1000;

    /// <summary>Finds a release; returns null when there is none. Throws the error of a registry that cannot be read.</summary>
    /// <param name="target">The registry.</param>
    /// <param name="images">The names of the images of the build.</param>
    /// <param name="version">The version; null for the current release.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ReleaseToCompare?> FindAsync(
        PromotionTarget target, IReadOnlyList<string> images, string? version, CancellationToken cancellationToken)
    {
        var reads = ReadOnceClient.Of(repositories);
        var status = await new EnvironmentReader(reads, time) { MaximumVersions = MaximumVersions }.ReadAsync(
            target, images, version, cancellationToken);

        // That there are lower versions which were not read is known, and no reason to doubt.
        var problems = status.Problems.Where(problem => problem.Code != "GAN5014").ToList();
        if (status.Release is not { Images.Count: > 0 } release)
            return problems is [var first, ..] ? throw first : null;
        var found = await FindRecordAsync(reads, target, release, cancellationToken);
        var unknown = problems
            .Where(problem => problem.Code != "GAN4057" || !IsWhole(release, found))
            .Select(problem => $"{target.DisplayName}: {problem.Message.TrimEnd('.')}");
        if (found is null)
            unknown = unknown.Append(DifferenceErrors.NotRecorded(target.DisplayName, release.Version).Message.TrimEnd('.'));
        return new ReleaseToCompare
        {
            Name = release.Version,
            Place = target.DisplayName,
            Commit = found?.Commit,
            Images =
            [
                .. release.Images.Select(image => new ImageToCompare(image.Name, reads.Open(target.Address, image.Name), image.Digest)
                {
                    Recorded = found?.Images.FirstOrDefault(one => one.Name == image.Name && one.Digest == image.Digest),
                }),
            ],
            Unknown = [.. unknown],
        };
    }

    // An image that the build declares now, and that the release did not have, is not missing.
    private static bool IsWhole(PromotedRelease release, Release? record) => record?.Images.All(image =>
        release.Images.Any(there => there.Name == image.Name && there.Digest == image.Digest && there.Record is not null)) == true;

    // One beside any of the images is enough: it names all of them.
    private static async Task<Release?> FindRecordAsync(
        ReadOnceClient reads, PromotionTarget target, PromotedRelease release, CancellationToken cancellationToken)
    {
        foreach (var image in release.Images)
        {
            var records = await ReleaseReferrer.ListAsync(
                reads.Open(target.Address, image.Name), image.Digest, release.Version, cancellationToken);
            if (records is [var record, ..])
                return record.Release;
        }

        return null;
    }
}
