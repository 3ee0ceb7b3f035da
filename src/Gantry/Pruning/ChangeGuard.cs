using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Pruning;

/// <summary>
/// Reads tags and referrers again right before each deletion, and says why something is needed after all: it has got a tag, a referrer, or
/// an index that lists it, or a later environment has got it or a record of it.
/// </summary>
/// <param name="inventory">The repository as it was read.</param>
/// <param name="all">All repositories as they were read.</param>
internal sealed class ChangeGuard(RepositoryInventory inventory, IReadOnlyList<RepositoryInventory> all)
{
    private readonly IImageRepository _repository = inventory.Place.Repository;

    // Digests that are needed again: by a tag that is new or was moved since, or by an image of the list that is kept after all.
    private readonly Dictionary<Digest, string> _needed = [];
    private readonly Dictionary<string, Digest> _seenTags = new(inventory.Tags, StringComparer.Ordinal);

    // Those that are not of releases can be moved without a record.
    private readonly IReadOnlyList<string> _otherTags =
    [
        .. inventory.Tags.Keys.Where(tag => !Closure.IsAttachmentTag(tag)
            && !inventory.VersionsOf(inventory.Tags[tag]).Any(each => each.Version == Releases.ReleaseTag.VersionOf(tag))),
    ];

    /// <summary>Notes that an item of the list is kept after all, with everything that belongs to it.</summary>
    public void Keep(PruningItem item, string reason)
    {
        foreach (var digest in Closure.Of(inventory, [item.Digest]))
            _needed.TryAdd(digest, reason);
    }

    /// <summary>Returns why an image is needed after all; null when it is not. Called before anything of it is deleted.</summary>
    public async Task<string?> FindReasonAsync(PruningItem item, CancellationToken cancellationToken)
    {
        // What it belonged to is not here any more, so that no environment can get it from here. A registry without the referrers API keeps
        // earlier lists of referrers without a tag, and one of them can be the same as the list here.
        if (item.Kind == PruningItemKind.Orphan)
            return null;
        var later = all.Where(other => other != inventory && other.Place.Image == inventory.Place.Image && other.Place.Targets.Count > 0);
        var changed = await Concurrently.SelectAsync(
            later, (other, token) => IsNewlyUsedAsync(other, item.Digest, token), cancellationToken);
        return changed.FirstOrDefault(reason => reason is not null);
    }

    /// <summary>Returns why a manifest is needed after all; null when it is not.</summary>
    /// <param name="digest">The manifest.</param>
    /// <param name="deleted">What was deleted before.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<string?> FindReasonAsync(Digest digest, IReadOnlySet<Digest> deleted, CancellationToken cancellationToken)
    {
        var names = (await _repository.ListTagsAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        await FollowTagsAsync(digest, names, cancellationToken);
        if (_needed.TryGetValue(digest, out var reason))
            return reason;
        return await FindNewReferrerAsync(inventory, digest, names, deleted, cancellationToken) is { } referrer
            ? $"{referrer} refers to it since"
            : null;
    }

    /// <summary>Returns a referrer of a manifest that is new; null when there is none.</summary>
    public Task<Digest?> FindNewReferrerAsync(Digest digest, IReadOnlySet<Digest> deleted, CancellationToken cancellationToken) =>
        FindNewReferrerAsync(inventory, digest, names: null, deleted, cancellationToken);

    private static async Task<string?> IsNewlyUsedAsync(RepositoryInventory other, Digest digest, CancellationToken cancellationToken)
    {
        var repository = other.Place.Repository;
        if (!other.Manifests.ContainsKey(digest))
            return await IsThereAsync(repository, digest, cancellationToken) ? $"it is in {other.Location} since" : null;
        return await FindNewReferrerAsync(other, digest, names: null, new HashSet<Digest>(), cancellationToken) is null
            ? null
            : $"it has got another record in {other.Location}";
    }

    // In a folder an image is what the index lists: the file of another one is left of a deletion that was killed.
    private static async Task<bool> IsThereAsync(IImageRepository repository, Digest digest, CancellationToken cancellationToken) =>
        repository is IListsManifests lists
            ? (await lists.ListManifestsAsync(cancellationToken)).Any(manifest => manifest.Digest == digest)
            : await repository.HasManifestAsync(digest, cancellationToken);

    private static async Task<Digest?> FindNewReferrerAsync(
        RepositoryInventory where, Digest digest, IReadOnlySet<string>? names, IReadOnlySet<Digest> deleted,
        CancellationToken cancellationToken)
    {
        var known = where.Manifests.TryGetValue(digest, out var node) ? node.Referrers : [];
        foreach (var referrer in await where.Place.Repository.ListReferrersAsync(digest, names, cancellationToken))
        {
            // A list may name what is not there any more.
            if (!known.Contains(referrer.Digest) && !deleted.Contains(referrer.Digest)
                && await where.Place.Repository.HasManifestAsync(referrer.Digest, cancellationToken))
                return referrer.Digest;
        }

        return null;
    }

    private async Task FollowTagsAsync(Digest digest, IReadOnlySet<string> names, CancellationToken cancellationToken)
    {
        var read = names.Where(name => !_seenTags.ContainsKey(name))
            .Concat(_otherTags.Where(names.Contains))
            .Concat(names.Where(name => _seenTags.GetValueOrDefault(name) == digest))
            .Distinct();
        var tagged = await Concurrently.SelectAsync(
            read,
            async (name, token) => (Name: name, Content: await _repository.FindManifestAsync(name, token)),
            cancellationToken);
        foreach (var (name, content) in tagged)
        {
            if (content is null || _seenTags.GetValueOrDefault(name) == content.Descriptor.Digest)
                continue;
            _seenTags[name] = content.Descriptor.Digest;

            // A list of referrers names what is to be deleted, too.
            if (!Closure.IsAttachmentTag(name))
                await NeedAsync(content, $"its tag {name} is new", cancellationToken);
        }
    }

    private async Task NeedAsync(ManifestContent content, string reason, CancellationToken cancellationToken)
    {
        if (inventory.Manifests.ContainsKey(content.Descriptor.Digest))
        {
            foreach (var digest in Closure.Of(inventory, [content.Descriptor.Digest]))
                _needed.TryAdd(digest, reason);
        }

        _needed.TryAdd(content.Descriptor.Digest, reason);
        foreach (var child in ManifestLinks.Read(content).Manifests)
        {
            _needed.TryAdd(child.Digest, reason);
            if (content.IsIndex && MediaTypes.IsIndex(child.MediaType)
                && await _repository.FindManifestAsync(child.Digest, cancellationToken) is { } inner)
                await NeedAsync(inner, reason, cancellationToken);
        }

        if (ManifestLinks.Read(content).Subject is { } subject)
            _needed.TryAdd(subject.Digest, reason);
    }
}
