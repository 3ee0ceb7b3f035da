using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Reads which releases are in an environment: from the tags of its registry, and from the promotion records beside the images, which show
/// the latest release, its time and its actor. Writes nothing.
/// </summary>
public sealed class EnvironmentReader(IRegistryClient repositories)
{
    /// <summary>The maximum number of versions of an image that are read, highest first: a registry may hold thousands.</summary>
    public int MaximumVersions { get; init; } = 50;

    /// <summary>Reads one registry; errors are reported in its status.</summary>
    /// <param name="target">The registry.</param>
    /// <param name="images">The names of the images of the build.</param>
    /// <param name="version">The version of the only release to look for; null for all.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<EnvironmentStatus> ReadAsync(
        PromotionTarget target, IReadOnlyList<string> images, string? version, CancellationToken cancellationToken)
    {
        var read = await Concurrently.SelectAsync(
            images, (image, token) => ReadImageAsync(target, image, version, token), cancellationToken);
        // An image that could not be read may still exist.
        var known = images.Where((_, index) => read[index].Problem is null).ToList();
        var releases = read
            .SelectMany(ofImage => ofImage.Tags)
            .GroupBy(tag => tag.Tag)
            .Select(tags => ToRelease([.. tags], known))
            .OrderByDescending(release => release.Since ?? DateTimeOffset.MinValue)
            .ThenByDescending(release => release.Version, VersionComparer.Instance)
            .ToList();
        var problems = read.Select(ofImage => ofImage.Problem).OfType<GantryException>().ToList();
        if (releases is [{ Since: not null } current, ..])
            releases[0] = current with { Record = await ReadRecordAsync(target, current, problems, cancellationToken) };

        return new EnvironmentStatus
        {
            Target = target,
            Releases = releases,
            SkippedVersions = read.Max(ofImage => ofImage.SkippedVersions),
            Problems = [.. problems.DistinctBy(problem => problem.Message)],
        };
    }

    private sealed record ImageTags(IReadOnlyList<ImageTag> Tags, int SkippedVersions = 0, GantryException? Problem = null);

    private sealed record ImageTag(string Tag, PromotedImage Image, PromotionEntry? Promotion);

    private async Task<ImageTags> ReadImageAsync(PromotionTarget target, string image, string? version, CancellationToken cancellationToken)
    {
        try
        {
            var repository = repositories.Open(target.Address, image);
            var tags = version is not null
                ? [ReleaseTag.Of(version)]
                : (await repository.ListTagsAsync(cancellationToken))
                    .Where(tag => !DigestTags.IsDigestTag(tag))
                    .OrderDescending(VersionComparer.Instance)
                    .ToList();
            var read = await Concurrently.SelectAsync(
                tags.Take(MaximumVersions), (tag, token) => ReadTagAsync(target, repository, image, tag, token), cancellationToken);
            return new ImageTags([.. read.OfType<ImageTag>()], Math.Max(0, tags.Count - MaximumVersions));
        }
        catch (GantryException problem)
        {
            return new ImageTags([], Problem: problem);
        }
    }

    private static async Task<ImageTag?> ReadTagAsync(
        PromotionTarget target, IImageRepository repository, string image, string tag, CancellationToken cancellationToken)
    {
        if (await repository.FindTagAsync(tag, cancellationToken) is not { } tagged)
            return null;

        var entries = await PromotionReferrer.ListAsync(
            repository, tagged.Digest, target.Environment.Name, target.Region, cancellationToken);
        var latest = entries.Where(entry => ReleaseTag.IsOf(tag, entry.Version)).MaxBy(entry => entry.Promoted);
        return new ImageTag(tag, new PromotedImage(image, tagged.Digest), latest);
    }

    private static PromotedRelease ToRelease(IReadOnlyList<ImageTag> tags, IReadOnlyList<string> images) => new()
    {
        Version = tags.Select(tag => tag.Promotion?.Version).FirstOrDefault(version => version is not null) ?? tags[0].Tag,
        Since = tags.Max(tag => tag.Promotion?.Promoted),
        Images = [.. tags.Select(tag => tag.Image)],
        MissingImages = [.. images.Except(tags.Select(tag => tag.Image.Name))],
    };

    private async Task<PromotionRecord?> ReadRecordAsync(
        PromotionTarget target, PromotedRelease release, List<GantryException> problems, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var image in release.Images)
            {
                var records = await PromotionReferrer.FindAsync(
                    repositories.Open(target.Address, image.Name), image.Digest, target.Environment.Name, target.Region, release.Version,
                    cancellationToken);
                if (records.Count > 0)
                    return records[0];
            }
        }
        catch (GantryException problem)
        {
            problems.Add(problem);
        }

        return null;
    }
}
