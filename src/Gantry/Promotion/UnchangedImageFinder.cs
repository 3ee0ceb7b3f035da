using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Finds the images of a release that a target has already, under the tag of another release that is recorded there, and those that it has
/// never had. The lists of tags, which the order of releases needs anyway, and one request for an image are enough for that.
/// </summary>
/// <remarks>
/// A list may leave tags out. A tag that it does not have is planned as new, and nothing is moved unseen: each tag is read before anything
/// is written to a target, and again before the first tag is. ADR 40 has the reasons.
/// </remarks>
internal sealed class UnchangedImageFinder(ReadOnceClient reads, TimeProvider time)
{
    /// <summary>The images that are asked about at once. For no more than these, comparing first saves no time.</summary>
    private const int Few = 16;

    /// <summary>The releases that are compared, the highest first.</summary>
    private const int ComparedReleases = 3;

    /// <summary>Returns what is known of images, by their names; nothing of those that are to be asked about.</summary>
    public async Task<IReadOnlyDictionary<string, ImagePresence>> FindAsync(
        PromotionRequest request, PromotionTarget target, CancellationToken cancellationToken)
    {
        // A slice is complete with its attachments, which are compared now.
        if (request.Release.Images.Count <= Few || request.Options.Deep || request.Slice is not null)
            return new Dictionary<string, ImagePresence>();
        var listed = await Concurrently.SelectAsync(
            request.Release.Images, (image, token) => ListAsync(image, target, token), cancellationToken);
        var untagged = listed.Where(image => image.Tags?.Contains(request.Release.Tag) == false).ToList();
        var known = untagged.Where(image => image.Tags!.Count == 0)
            .ToDictionary(image => image.Image.Name, _ => ImagePresence.Absent);
        var tags = untagged
            .SelectMany(image => image.Tags!)
            .Distinct(StringComparer.Ordinal)
            .Where(tag => !DigestTags.IsDigestTag(tag) && ReleaseTag.IsVersion(ReleaseTag.VersionOf(tag)))
            .OrderByDescending(tag => tag, VersionComparer.Instance)
            .Take(ComparedReleases);
        foreach (var tag in tags)
        {
            var candidates = untagged.Where(image => image.Tags!.Contains(tag)).ToList();
            if (!await IsRecordedAsync(request, target, candidates, tag, cancellationToken))
                continue;
            var unchanged = await Concurrently.SelectAsync(
                candidates, async (image, token) => (image.Image.Name, Same: await IsSameAsync(image, tag, token)), cancellationToken);
            foreach (var (name, _) in unchanged.Where(image => image.Same))
                known[name] = ImagePresence.Unchanged;
            break;
        }

        return known;
    }

    private sealed record ListedImage(ReleaseImage Image, IImageRepository Repository, IReadOnlySet<string>? Tags);

    private async Task<ListedImage> ListAsync(ReleaseImage image, PromotionTarget target, CancellationToken cancellationToken)
    {
        var repository = reads.Open(target.Address, image.Name);
        try
        {
            var tags = await repository.ListTagsAsync(cancellationToken);
            return new ListedImage(image, repository, tags.ToHashSet(StringComparer.Ordinal));
        }
        catch (GantryException)
        {
            // What is wrong there is found when the image is asked about.
            return new ListedImage(image, repository, Tags: null);
        }
    }

    // One promotion is recorded beside each image of its release, before the first tag.
    private async Task<bool> IsRecordedAsync(
        PromotionRequest request, PromotionTarget target, IEnumerable<ListedImage> candidates, string tag,
        CancellationToken cancellationToken)
    {
        foreach (var image in candidates.Take(Few))
        {
            if (!await IsSameAsync(image, tag, cancellationToken))
                continue;
            try
            {
                var scope = RecordScope.Of(target, time.GetUtcNow());
                var found = await PromotionReferrer.FindAsync(
                    image.Repository, image.Image.Digest, scope, ReleaseTag.VersionOf(tag), cancellationToken);
                return found.Records.Count > 0;
            }
            catch (GantryException)
            {
                return false;
            }
        }

        return false;
    }

    private static async Task<bool> IsSameAsync(ListedImage image, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return (await image.Repository.FindTagAsync(tag, cancellationToken))?.Digest == image.Image.Digest;
        }
        catch (GantryException)
        {
            return false;
        }
    }
}

/// <summary>What is known of an image at a target before it is asked about.</summary>
internal enum ImagePresence
{
    /// <summary>Its repository has no tags.</summary>
    Absent,

    /// <summary>It is there with another release, whose promotion is recorded.</summary>
    Unchanged,
}
