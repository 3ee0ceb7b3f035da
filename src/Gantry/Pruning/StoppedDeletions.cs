using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Pruning;

/// <summary>
/// Finds the images whose deletion has begun and was stopped: what was recorded beside them is gone, and a record of the deletion, which
/// was written before, says which releases they were of.
/// </summary>
/// <remarks>
/// A record proves that only where a key of the place has signed it, and never for an image that was kept in the end or was written since.
/// Nor does it when something that was to be deleted before the image is still there and is not listed beside it, or when the list of
/// referrers under its fallback tag is another one since: anyone who may push can write that list, and hide why the image is kept.
/// </remarks>
/// <param name="place">The repository.</param>
/// <param name="tags">Its tags.</param>
/// <param name="nodes">Its manifests.</param>
internal sealed class StoppedDeletions(
    PrunedRepository place, IReadOnlyDictionary<string, Digest> tags, IReadOnlyDictionary<Digest, ManifestNode> nodes)
{
    /// <summary>Finds the releases that images were of, by their tags.</summary>
    /// <param name="recorded">The images with the releases that are recorded beside them.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<StoppedDeletion>> FindAsync(
        IReadOnlySet<(Digest Image, string Version)> recorded, CancellationToken cancellationToken)
    {
        // What is recorded beside an image says more than what was deleted.
        var asked = tags
            .Where(tag => !Closure.IsAttachmentTag(tag.Key) && tag.Key != ReleaseTag.Pruned
                && !recorded.Contains((tag.Value, ReleaseTag.VersionOf(tag.Key))))
            .ToList();
        if (asked.Count == 0 || tags.GetValueOrDefault(ReleaseTag.Pruned) != PruningRecords.Anchor.Descriptor.Digest)
            return [];

        // Several places that share the repository must all have said so: the key of one is not that of another.
        IEnumerable<StoppedDeletion>? proven = null;
        foreach (var each in place.Places())
        {
            var records = await PruningRecords.FindAsync(place.Reads, each.Uri, each.Trust, cancellationToken);
            var found = asked.SelectMany(tag => ProvenBy(records, tag.Key, tag.Value)).ToList();
            proven = proven?.IntersectBy(found.Select(one => (one.Image, one.Tag)), one => (one.Image, one.Tag)).ToList() ?? found;
        }

        var stopped = new List<StoppedDeletion>();
        foreach (var one in proven ?? [])
        {
            if (!await HasHiddenPartAsync(one, cancellationToken))
                stopped.Add(one);
        }

        return stopped;
    }

    private IEnumerable<StoppedDeletion> ProvenBy(IReadOnlyList<PruningRecord> records, string tag, Digest image)
    {
        var kept = records.Where(record => record.Kept?.Contains(image) == true).Select(record => (DateTimeOffset?)record.Pruned).Max();
        var written = nodes[image] is { IsTimeKnown: true } node ? node.Written : null;
        var items = records
            .Where(record => record.Kept is null && record.Image == place.Image && !(record.Pruned <= kept) && !(record.Pruned < written))
            .SelectMany(record => record.Items.Select(item => (Item: item, record.Pruned)))
            .Where(each => !each.Item.TagsOnly && each.Item.Digest == image && each.Item.Tags.Contains(tag)
                && each.Item.Versions.Contains(ReleaseTag.VersionOf(tag)))
            .ToList();
        if (items.Count > 0)
            yield return new StoppedDeletion(
                image, tag, items.Max(each => each.Pruned), [.. items.SelectMany(each => each.Item.Parts).Distinct()]);
    }

    private async Task<bool> HasHiddenPartAsync(StoppedDeletion stopped, CancellationToken cancellationToken)
    {
        if (Closure.TaggedFor(tags, stopped.Image).Any(list => !stopped.Parts.Contains(list)))
            return true;
        var listed = Closure.Of(nodes, tags, [stopped.Image]);
        var there = await ListAllAsync(cancellationToken);
        foreach (var part in stopped.Parts.Where(part => !listed.Contains(part) && there?.Contains(part) != false))
        {
            if (await place.Reads.FindManifestAsync(part, cancellationToken) is { } content
                && ManifestLinks.Read(content).Subject is not null)
                return true;
        }

        return false;
    }

    // Who can change the index of a folder can remove its files, too. One that is not in the index is of a deletion that was killed between
    // the two.
    private async Task<IReadOnlySet<Digest>?> ListAllAsync(CancellationToken cancellationToken) =>
        place.Repository is IListsManifests lists
            ? (await lists.ListManifestsAsync(cancellationToken)).Select(manifest => manifest.Digest).ToHashSet()
            : null;
}

/// <summary>A release that an image was of until its deletion began.</summary>
/// <param name="Image">The image.</param>
/// <param name="Tag">The tag of the release, which points to the image.</param>
/// <param name="Began">The time at which the last deletion began.</param>
/// <param name="Parts">The other manifests that were deleted, or were to be.</param>
internal sealed record StoppedDeletion(Digest Image, string Tag, DateTimeOffset Began, IReadOnlyList<Digest> Parts)
{
    /// <summary>The version of the release.</summary>
    public string Version => ReleaseTag.VersionOf(Tag);
}
