using Gantry.IO;

namespace Gantry.Differences;

/// <summary>
/// Reads what differs between two releases: commits from a clone, everything else from the registries in which they are. What cannot be
/// read is no error, and in <see cref="ReleaseDifference.Unknown"/>.
/// </summary>
/// <remarks>
/// Whatever is read has a digest, so a client that caches contents (<see cref="Registries.CachedRegistryClient"/>) reads it once. Images
/// with the same digest cost no request.
/// </remarks>
public sealed class ReleaseDifferenceReader
{
    /// <summary>The history of the sources; null without a clone, so that the commits are not known.</summary>
    public ICommitLog? Commits { get; init; }

    /// <summary>Compares files, for <see cref="DifferenceParts.Files"/>; null when they are not compared.</summary>
    public IFileDifferences? Files { get; init; }

    /// <summary>The parts to read; everything but the files by default.</summary>
    public DifferenceParts Parts { get; init; } = DifferenceParts.All;

    /// <summary>True to compare the first platform of each image alone, as a short summary does; false by default.</summary>
    public bool FirstPlatformOnly { get; init; }

    /// <summary>Compares two releases.</summary>
    /// <param name="from">The release that is compared from.</param>
    /// <param name="to">The release that is compared to.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ReleaseDifference> ReadAsync(ReleaseToCompare from, ReleaseToCompare to, CancellationToken cancellationToken)
    {
        var unknown = new UnknownParts();
        foreach (var sentence in from.Unknown.Concat(to.Unknown))
            unknown.Add(sentence);
        var commits = CompareCommitsAsync(from.Commit, to.Commit, unknown, cancellationToken);
        var names = to.Images.Concat(from.Images).Select(image => image.Name).Distinct(StringComparer.Ordinal);
        var reader = new ImageDifferenceReader(Parts, Files, FirstPlatformOnly);
        var images = await Concurrently.SelectAsync(
            names, (name, token) => reader.ReadAsync(Find(from, name), Find(to, name), token), cancellationToken);
        var found = await commits;
        foreach (var sentence in images.SelectMany(image => image.Unknown))
            unknown.Add(sentence);
        return new ReleaseDifference
        {
            From = from.Name,
            To = to.Name,
            FromPlace = from.Place,
            ToPlace = to.Place,
            Commits = found,
            Images = [.. images.Select(image => image.Image)],
            Unknown = unknown.Sentences,
        };
    }

    private static ImageToCompare? Find(ReleaseToCompare release, string name) =>
        release.Images.FirstOrDefault(image => image.Name == name);

    private async Task<IReadOnlyList<ChangedCommit>> CompareCommitsAsync(
        string? from, string? to, UnknownParts unknown, CancellationToken cancellationToken)
    {
        if (!Parts.HasFlag(DifferenceParts.Commits) || from is null || to is null || from == to)
            return [];
        IReadOnlyList<ChangedCommit> commits = [];
        if (Commits is null)
            unknown.Add("the commits cannot be listed without a clone: run it in a clone of the repository that was built");
        else
            await unknown.TryAsync("the commits", async () =>
            {
                var list = await Commits.CompareAsync(from, to, cancellationToken);
                commits = list.Commits;
                if (list.IsTruncated)
                    unknown.Add($"there are more commits than the {Limits.Commits} that are listed (limit {nameof(Limits.Commits)})");
            });
        return commits;
    }
}
