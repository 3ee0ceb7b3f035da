using System.Globalization;
using Gantry.Attestations;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Pruning;

/// <summary>
/// Reads a repository in full: every tag, every manifest that one leads to, the referrers of each, and what they record. Whatever cannot be
/// read is an error: it may be what keeps an image.
/// </summary>
/// <param name="place">The repository.</param>
/// <param name="catalog">What the registry offers beside the distribution API; null for nothing.</param>
/// <param name="now">The present time.</param>
internal sealed class InventoryReader(PrunedRepository place, IRegistryCatalog? catalog, DateTimeOffset now)
{
    private readonly IImageRepository _repository = place.Reads;

    /// <summary>Reads the repository.</summary>
    /// <param name="seeds">Digests of images that it may have without a tag.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN4702</c>: something cannot be read.</exception>
    public async Task<RepositoryInventory> ReadAsync(IEnumerable<Digest> seeds, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAllAsync(seeds, cancellationToken);
        }
        catch (GantryException cause) when (cause.Code != "GAN4702")
        {
            throw PruningErrors.Unreadable(place.Location, cause);
        }
    }

    private async Task<RepositoryInventory> ReadAllAsync(IEnumerable<Digest> seeds, CancellationToken cancellationToken)
    {
        var names = (await _repository.ListTagsAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var stored = (await ListManifestsAsync(cancellationToken)).ToDictionary(manifest => manifest.Digest);
        var tagged = await Concurrently.SelectAsync(names, ReadTagAsync, cancellationToken);
        var tags = tagged.ToDictionary(tag => tag.Name, tag => tag.Content.Descriptor.Digest, StringComparer.Ordinal);

        var walk = new Walk(this, names, stored);
        await walk.AddAsync(tagged.Select(tag => tag.Content), cancellationToken);

        // In a folder an image is what the index lists: the file of another one is left of a deletion that was killed.
        var known = place.Repository is IListsManifests ? seeds.Where(stored.ContainsKey) : seeds;
        await walk.FindAsync(stored.Keys.Concat(known).Concat(SubjectsOf(names)), cancellationToken);
        (_repository as IKeepsReferrers)?.EnsureReferrersWereListed();

        var reader = new RecordReader(place, now);
        var (promotions, releases) = (new List<FoundPromotion>(), new List<PublishedImage>());
        for (var unread = walk.Nodes.Keys.ToList(); unread.Count > 0;)
        {
            var records = await Concurrently.SelectAsync(
                unread.Where(digest => walk.Nodes[digest].Referrers.Count > 0), reader.ReadAsync, cancellationToken);
            promotions.AddRange(records.SelectMany(each => each.Promotions));
            releases.AddRange(records.SelectMany(each => each.Releases));

            // A record names the image that was there before it, which may have lost its tag.
            var before = walk.Nodes.Keys.ToHashSet();
            var earlier = records.SelectMany(each => each.Promotions)
                .SelectMany(promotion => new[] { promotion.Previous, promotion.MovedFrom }).OfType<Digest>().ToHashSet();
            await walk.FindAsync(earlier, cancellationToken);
            await walk.FindAsync(
                earlier.Select(digest => walk.Nodes.GetValueOrDefault(digest)?.Subject).OfType<Digest>(), cancellationToken);
            unread = [.. walk.Nodes.Keys.Where(digest => !before.Contains(digest))];
        }

        var recorded = promotions.Select(promotion => (promotion.Digest, promotion.Version))
            .Concat(releases.Where(_ => place.IsBase).Select(release => (release.Digest, release.Version)))
            .ToHashSet();
        return new RepositoryInventory(place)
        {
            Tags = tags,
            Manifests = walk.Nodes,
            Promotions = promotions,
            Releases = releases,
            Stopped = await new StoppedDeletions(place, tags, walk.Nodes).FindAsync(recorded, cancellationToken),
        };
    }

    private static IEnumerable<Digest> SubjectsOf(IEnumerable<string> names)
    {
        foreach (var name in names.Where(Closure.IsAttachmentTag))
        {
            if (Digest.TryParse($"{name[..6]}:{name[7..].Split('.')[0]}", out var digest))
                yield return digest;
        }
    }

    private async Task<IReadOnlyList<StoredManifest>> ListManifestsAsync(CancellationToken cancellationToken)
    {
        if (place.Repository is IListsManifests lists)
            return await lists.ListManifestsAsync(cancellationToken);
        return catalog?.Knows(place.Address) == true
            ? await catalog.ListManifestsAsync(place.Address, place.Image, cancellationToken)
            : [];
    }

    private async Task<(string Name, ManifestContent Content)> ReadTagAsync(string tag, CancellationToken cancellationToken) =>
        (tag, await _repository.FindManifestAsync(tag, cancellationToken)
            ?? throw PruningErrors.Incomplete(place.Location, $"its tag '{tag}' is listed, and is not there"));

    private sealed class Walk(InventoryReader reader, IReadOnlySet<string> tags, IReadOnlyDictionary<Digest, StoredManifest> stored)
    {
        private readonly HashSet<Digest> _asked = [];

        public Dictionary<Digest, ManifestNode> Nodes { get; } = [];

        /// <summary>Adds manifests that may be there, with all that they lead to.</summary>
        public async Task FindAsync(IEnumerable<Digest> digests, CancellationToken cancellationToken)
        {
            var found = await Concurrently.SelectAsync(
                digests.Where(_asked.Add).ToList(), reader._repository.FindManifestAsync, cancellationToken);
            await AddAsync(found.OfType<ManifestContent>(), cancellationToken);
        }

        /// <summary>Adds manifests with all that they lead to.</summary>
        public async Task AddAsync(IEnumerable<ManifestContent> contents, CancellationToken cancellationToken)
        {
            for (var level = Distinct(contents); level.Count > 0;)
            {
                _asked.UnionWith(level.Select(content => content.Descriptor.Digest));
                var nodes = await Concurrently.SelectAsync(level, ReadNodeAsync, cancellationToken);
                foreach (var node in nodes)
                    Nodes[node.Descriptor.Digest] = node;
                if (Nodes.Count > Limits.PrunedManifests)
                    throw PruningErrors.Incomplete(
                        reader.PlaceName,
                        $"it has more than {Format.Count(Limits.PrunedManifests, "manifest")} (limit {nameof(Limits.PrunedManifests)})");
                var next = nodes.SelectMany(node => node.Children.Concat(node.Referrers)).Where(_asked.Add).ToList();
                var read = await Concurrently.SelectAsync(next, reader._repository.FindManifestAsync, cancellationToken);
                level = Distinct(read.OfType<ManifestContent>());
            }
        }

        private List<ManifestContent> Distinct(IEnumerable<ManifestContent> contents) =>
            [.. contents.DistinctBy(content => content.Descriptor.Digest).Where(content => !Nodes.ContainsKey(content.Descriptor.Digest))];

        private async Task<ManifestNode> ReadNodeAsync(ManifestContent content, CancellationToken cancellationToken)
        {
            var digest = content.Descriptor.Digest;
            var links = ManifestLinks.Read(content);
            var own = Referrer.Of(content)?.Entry ?? content.Descriptor;
            var referrers = (await reader._repository.ListReferrersAsync(digest, tags, cancellationToken)).Select(each => each.Digest);
            if (content.Alias is { } alias)
                referrers = referrers.Concat(
                    (await reader._repository.ListReferrersAsync(alias, tags, cancellationToken)).Select(each => each.Digest));
            var listed = stored.GetValueOrDefault(digest);
            return new ManifestNode(content.Descriptor)
            {
                Children = [.. links.Manifests.Select(child => child.Digest).Distinct()],
                Blobs = links.Blobs,
                Subject = links.Subject?.Digest,
                Referrers = [.. referrers.Distinct().Where(referrer => referrer != digest)],
                Written = Latest(listed?.Written, links.Subject is null ? null : CreatedOf(own)),
                IsTimeKnown = listed?.Written is not null,
                IsLocked = listed?.IsLocked == true,
            };
        }

        private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) =>
            one is null || other > one ? other : one;

        private static DateTimeOffset? CreatedOf(Descriptor own) =>
            own.Annotations?.GetValueOrDefault(DocumentArtifact.CreatedAnnotation) is { } text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
                ? created
                : null;
    }

    private string PlaceName => place.Location;
}
