using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Pruning;

/// <summary>Makes the list of what is deleted, each image with everything that belongs to it and to nothing that is kept.</summary>
internal sealed class ListMaker(
    PruningRequest request, IReadOnlyList<RepositoryInventory> inventories, KeepFinder.KeptReleases kept, DateTimeOffset now)
{
    private int _leftOut;

    /// <summary>What a person has named: nothing else is deleted. Null to delete what nothing keeps.</summary>
    public DeletionChoice? Choice { get; init; }

    /// <summary>Returns true when a tag can be removed without its image.</summary>
    public static bool RemovesTags(PruningRequest request, RepositoryInventory inventory) =>
        inventory.Place.Repository is IDeletesImages { RemovesTags: true } || request.Catalog?.Knows(inventory.Place.Address) == true;

    /// <summary>Makes the list.</summary>
    public PruningPlan Make()
    {
        var items = inventories.SelectMany(MakeItems).ToList();
        return new PruningPlan
        {
            AsOf = now,
            Rules = request.Rules,
            Items = items,
            Kept = [.. inventories.SelectMany(DescribeKept)],
            Notes = [.. NotesOf(items)],
            LeftOut = _leftOut,
            Inventories = inventories,
        };
    }

    private IEnumerable<string> NotesOf(IReadOnlyList<PruningItem> items) => inventories
        .Where(inventory => items.Any(item => item.Location == inventory.Location))
        .Select(inventory => request.Catalog is { } catalog && catalog.Knows(inventory.Place.Address)
            ? catalog.Explain(inventory.Place.Address)
            : null)
        .OfType<string>()
        .Distinct();

    private IEnumerable<PruningItem> MakeItems(RepositoryInventory inventory)
    {
        var roots = inventory.Roots.ToList();
        var keptRoots = roots.Where(root => IsKept(inventory, root)).ToList();
        var needed = Needed(inventory, keptRoots);
        var blobs = needed.SelectMany(digest => inventory.Manifests[digest].Blobs).Select(blob => blob.Digest).ToHashSet();

        // A manifest that a kept image needs stays, and so does every tag on it.
        var unkept = roots.Where(root => !needed.Contains(root)).OrderBy(root => LastTouched(inventory, root))
            .ThenBy(root => root.ToString(), StringComparer.Ordinal).ToList();
        _leftOut += Math.Max(0, unkept.Count - Limits.PrunedImages);
        var listed = unkept.Take(Limits.PrunedImages).Concat(Choice is null ? OrphansOf(inventory) : []).Distinct().ToList();
        var taken = new HashSet<Digest>([.. needed, .. Closure.Of(inventory, unkept.Skip(Limits.PrunedImages))]);

        // What several of them share goes with the last one: none is there without its parts.
        var shared = new SharedParts(listed.Select(root => Closure.Of(inventory, [root])));
        foreach (var root in listed)
        {
            shared.Leave(Closure.Of(inventory, [root]));
            if (!taken.Contains(root) && MakeItem(inventory, root, shared, taken, blobs) is { } item)
                yield return item;
        }

        foreach (var item in Choice is null ? keptRoots.SelectMany(root => MakeTagItems(inventory, root)) : MakeChosenTagItems(inventory))
            yield return item;
    }

    private bool IsKept(RepositoryInventory inventory, Digest root) =>
        kept.IsKept(inventory.Location, root) || Choice?.Has(inventory, root) == false;

    // The subject of something that is kept is kept, with all that belongs to it.
    private static HashSet<Digest> Needed(RepositoryInventory inventory, IEnumerable<Digest> roots)
    {
        var needed = Closure.Of(inventory, roots);
        while (true)
        {
            var subjects = needed.Select(digest => inventory.Manifests[digest].Subject).OfType<Digest>()
                .Where(subject => !needed.Contains(subject) && inventory.Manifests.ContainsKey(subject)).ToList();
            if (subjects.Count == 0)
                return needed;
            needed.UnionWith(Closure.Of(inventory, subjects));
        }
    }

    private static DateTimeOffset LastTouched(RepositoryInventory inventory, Digest root) => inventory.PromotionsOf(root)
        .Select(promotion => promotion.Time)
        .Concat(inventory.ReleasesOf(root).Select(release => release.Created))
        .DefaultIfEmpty(DateTimeOffset.MinValue)
        .Max();

    /// <summary>Returns what belongs to an image that is not there, when it is old enough, or undated as cosign's tags are.</summary>
    private IEnumerable<Digest> OrphansOf(RepositoryInventory inventory)
    {
        var reachable = Closure.Of(inventory, inventory.Roots);
        return inventory.Manifests.Values
            .Where(node => !reachable.Contains(node.Descriptor.Digest) && !node.IsLocked
                && !(node.Subject is { } subject && inventory.Manifests.ContainsKey(subject))
                && (node.Written is { } written ? now - written >= Oldest : IsAttachmentTag(inventory, node)))
            .Select(node => node.Descriptor.Digest)
            .OrderBy(digest => digest.ToString(), StringComparer.Ordinal);
    }

    private TimeSpan Oldest => request.Rules.MinimumAge > request.Rules.InProgress ? request.Rules.MinimumAge : request.Rules.InProgress;

    private static bool IsAttachmentTag(RepositoryInventory inventory, ManifestNode node) =>
        inventory.TagsOf(node.Descriptor.Digest).Any(Closure.IsAttachmentTag);

    private PruningItem? MakeItem(
        RepositoryInventory inventory, Digest root, SharedParts shared, HashSet<Digest> taken, HashSet<Digest> blobs)
    {
        var order = new List<Digest>();
        Order(inventory, root, shared, taken, order);
        if (!order.Contains(root))
            return null;
        var isOrphan = !inventory.Roots.Contains(root);
        var tags = order.SelectMany(inventory.TagsOf).Distinct().Order(StringComparer.Ordinal).ToList();
        var versions = inventory.VersionsOf(root).Select(each => each.Version).Distinct()
            .Order(VersionComparer.Instance).ToList();
        var unused = order.SelectMany(digest => inventory.Manifests[digest].Blobs).Where(blob => blobs.Add(blob.Digest)).ToList();
        var kind = isOrphan ? PruningItemKind.Orphan
            : versions.Count == 0 ? PruningItemKind.Untagged
            : PruningItemKind.Image;
        return new PruningItem
        {
            Kind = kind,
            Place = PlaceOf(inventory),
            Location = inventory.Location,
            Image = inventory.Place.Image,
            Digest = root,
            Tags = tags,
            Versions = versions,
            Manifests = order,
            Bytes = order.Sum(digest => inventory.Manifests[digest].Descriptor.Size) + unused.Sum(blob => blob.Size),
            Reason = Choice is not null ? "it is named, and nothing needs it" : kind switch
            {
                PruningItemKind.Orphan => "what it belonged to is not there any more",
                PruningItemKind.Untagged => "it has neither a tag nor a record, and nothing that is kept needs it",
                _ => Describe(inventory, root),
            },
        };
    }

    private static string Describe(RepositoryInventory inventory, Digest root)
    {
        var promoted = inventory.PromotionsOf(root).Select(promotion => promotion.Time).ToList();
        if (promoted.Count > 0)
            return $"promoted last at {Format.Time(promoted.Max())}, and kept by nothing";
        var published = inventory.ReleasesOf(root).Select(release => release.Created).ToList();
        return published.Count > 0
            ? $"published at {Format.Time(published.Max())}, and kept by nothing"
            : $"its deletion began at {Format.Time(inventory.StoppedOf(root).Max(stopped => stopped.Began))}, and was stopped";
    }

    /// <summary>
    /// Puts what is deleted with an image in its order: what refers to it before it, the platforms after their index, tags of signatures
    /// and lists last.
    /// </summary>
    private static void Order(
        RepositoryInventory inventory, Digest digest, SharedParts shared, HashSet<Digest> taken, List<Digest> order)
    {
        if (!inventory.Manifests.TryGetValue(digest, out var node) || shared.IsNeeded(digest) || !taken.Add(digest))
            return;
        foreach (var referrer in node.Referrers)
            Order(inventory, referrer, shared, taken, order);
        order.Add(digest);
        foreach (var part in node.Children.Concat(Closure.TaggedFor(inventory.Tags, digest)))
            Order(inventory, part, shared, taken, order);
    }

    /// <summary>Counts the images of the list that still need a manifest.</summary>
    private sealed class SharedParts
    {
        private readonly Dictionary<Digest, int> _users = [];

        public SharedParts(IEnumerable<HashSet<Digest>> closures)
        {
            foreach (var digest in closures.SelectMany(closure => closure))
                _users[digest] = _users.GetValueOrDefault(digest) + 1;
        }

        /// <summary>Takes an image off the list.</summary>
        public void Leave(HashSet<Digest> closure)
        {
            foreach (var digest in closure)
                _users[digest]--;
        }

        public bool IsNeeded(Digest digest) => _users.GetValueOrDefault(digest) > 0;
    }

    private IEnumerable<PruningItem> MakeTagItems(RepositoryInventory inventory, Digest root)
    {
        var reasons = kept.ReasonsOf(inventory.Location, root);
        var versions = inventory.VersionsOf(root).ToList();
        if (!RemovesTags(request, inventory) || !reasons.All(reason => IsOfRelease(reason, versions)))
            yield break;
        foreach (var tag in inventory.TagsOf(root).Where(tag => !Closure.IsAttachmentTag(tag)))
        {
            var version = ReleaseTag.VersionOf(tag);
            var ofTag = versions.Where(each => each.Version == version).ToList();
            if (ofTag.Count == 0 || ofTag.Exists(each => kept.IsVersionKept(each.Environment, version)))
                continue;
            yield return new PruningItem
            {
                Kind = PruningItemKind.Tag,
                Place = PlaceOf(inventory),
                Location = inventory.Location,
                Image = inventory.Place.Image,
                Digest = root,
                Tags = [tag],
                Versions = [version],
                Reason = "nothing keeps its release; another one with the same image is kept",
            };
        }
    }

    private IEnumerable<PruningItem> MakeChosenTagItems(RepositoryInventory inventory) => Choice!.TagsAlone
        .Where(each => each.Inventory == inventory)
        .Select(each => new PruningItem
        {
            Kind = PruningItemKind.Tag,
            Place = PlaceOf(inventory),
            Location = inventory.Location,
            Image = inventory.Place.Image,
            Digest = each.Root,
            Tags = [each.Tag],
            Versions = [],
            Reason = "it is named; its image has other tags, and stays",
        });

    // Reasons of the image itself are about all of its tags.
    private bool IsOfRelease(KeepReason reason, IEnumerable<(string Environment, string Version)> versions) =>
        versions.Any(each => kept.ReasonsOf(each.Environment, each.Version).Contains(reason));

    private IEnumerable<KeptImage> DescribeKept(RepositoryInventory inventory) => inventory.Roots
        .Where(root => kept.IsKept(inventory.Location, root))
        .Select(root => new KeptImage
        {
            Place = PlaceOf(inventory),
            Location = inventory.Location,
            Image = inventory.Place.Image,
            Digest = root,
            Tags = [.. inventory.TagsOf(root).Where(tag => !Closure.IsAttachmentTag(tag))],
            Versions = [.. inventory.VersionsOf(root).Select(each => each.Version).Distinct().Order(VersionComparer.Instance)],
            Reasons = kept.ReasonsOf(inventory.Location, root),
        })
        .Where(image => image.Digest != PruningRecords.Anchor.Descriptor.Digest)
        .OrderByDescending(image => image.Versions is [.., var last] ? last : "", VersionComparer.Instance);

    private static string PlaceOf(RepositoryInventory inventory) =>
        string.Join(" + ", inventory.Place.Places().Select(place => place.DisplayName));
}
