using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Pruning;

/// <summary>
/// Finds which releases and images are kept, and why. A release that an environment keeps is kept by all environments before it and by the
/// base registry, which it would be promoted from again.
/// </summary>
/// <param name="request">The registries and the rules.</param>
/// <param name="sources">Name what is kept for reasons outside of the registries, and by holds.</param>
/// <param name="inventories">Everything that is there.</param>
/// <param name="now">The present time.</param>
internal sealed class KeepFinder(
    PruningRequest request, IReadOnlyList<IKeepSource> sources, IReadOnlyList<RepositoryInventory> inventories, DateTimeOffset now)
{
    private readonly PruningRules _rules = request.Rules;
    private readonly KeptReleases _kept = new();

    // The base registry is before the first environment.
    private const string Base = "";

    /// <summary>What was found.</summary>
    public KeptReleases Kept => _kept;

    /// <summary>Finds them.</summary>
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        foreach (var target in request.Targets)
            await KeepAtAsync(target, cancellationToken);
        KeepNewestReleases();
        foreach (var inventory in inventories)
        {
            foreach (var root in inventory.Roots)
                KeepBySelf(inventory, root);
        }

        SpreadAll();
    }

    /// <summary>Keeps what is locked, where the registry has locks and does not list them.</summary>
    public async Task KeepLockedAsync(CancellationToken cancellationToken)
    {
        if (request.Locks is not { } locks)
            return;
        var asked = inventories
            .Where(inventory => request.Catalog?.Knows(inventory.Place.Address) != true)
            .SelectMany(inventory => inventory.Roots.Where(root => !_kept.IsKept(inventory.Location, root))
                .SelectMany(root => inventory.TagsOf(root).Select(tag => (Inventory: inventory, Root: root, Tag: tag))));
        var locked = await Concurrently.SelectAsync(
            asked,
            async (each, token) =>
            {
                var place = each.Inventory.Place;
                var state = await locks.FindAsync(place.Address, place.Image, each.Tag, each.Root, token);
                return (each.Inventory, each.Root, IsLocked: state is not null && (state.Tag || state.Manifest || state.IsTagFixed));
            },
            cancellationToken);
        foreach (var (inventory, root, _) in locked.Where(each => each.IsLocked))
            KeepRoot(inventory, root, new(KeepReasonKind.Lock, "it is locked in the registry"));
        SpreadAll();
    }

    private void SpreadAll()
    {
        while (Spread())
        {
            // What is kept newly keeps more.
        }
    }

    private async Task KeepAtAsync(PromotionTarget target, CancellationToken cancellationToken)
    {
        var name = target.Environment.Name;
        var promotions = inventories
            .Where(inventory => inventory.Place.Targets.Contains(target))
            .SelectMany(inventory => inventory.Promotions)
            .Where(promotion => promotion.Environment == name && promotion.Region == target.Region)
            .ToList();
        if (promotions.Count == 0 && !_rules.MayBeEmpty.Contains(name, StringComparer.OrdinalIgnoreCase)
            && inventories.Any(inventory => inventory.Releases.Count > 0))
            throw PruningErrors.Empty(target);

        // Records that do not count push nothing out, and are kept as far as they are new.
        var counted = Newest(promotions.Where(promotion => promotion.Counts));
        foreach (var (version, number) in counted.Select((version, number) => (version, number)))
        {
            if (number == 0)
                _kept.Add(name, version, new(KeepReasonKind.Environment, $"it is the release of {target.DisplayName}"));
            if (number == 1)
                _kept.Add(name, version, new(KeepReasonKind.RollbackTarget, $"{target.DisplayName} would go back to it"));
            if (number < _rules.Keep)
                _kept.Add(name, version, new(KeepReasonKind.Newest, $"it is among the last {_rules.Keep} of {target.DisplayName}"));
        }

        var others = _rules.KeepsOnlyNeeded ? [] : Newest(promotions.Where(promotion => !promotion.Counts));
        foreach (var version in others.Take(_rules.Keep))
            _kept.Add(name, version, new(KeepReasonKind.Newest, $"it is among the last {_rules.Keep} of {target.DisplayName}, not signed"));
        foreach (var promotion in promotions)
            KeepByAge(name, promotion.Version, promotion.Time, "promoted");
        var images = inventories
            .Where(inventory => inventory.Place.Targets.Contains(target) && inventory.Promotions.Any(promotions.Contains))
            .Select(inventory => inventory.Place.Image)
            .ToList();
        foreach (var source in sources)
        {
            foreach (var keep in await FindAsync(source, target, images, cancellationToken))
                Keep(target, keep);
        }
    }

    private static async Task<IReadOnlyList<NamedKeep>> FindAsync(
        IKeepSource source, PromotionTarget target, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        try
        {
            return await source.FindAsync(target, images, cancellationToken);
        }
        catch (GantryException cause)
        {
            throw PruningErrors.Unreadable(target.DisplayName, cause);
        }
    }

    private void Keep(PromotionTarget target, NamedKeep keep)
    {
        var reason = new KeepReason(keep.Kind, keep.Reason);
        if (keep.Version is { } version)
            _kept.Add(target.Environment.Name, version, reason);
        foreach (var inventory in inventories)
        {
            if (!inventory.Place.Targets.Contains(target)
                && !inventory.Location.Equals(keep.Repository, StringComparison.OrdinalIgnoreCase))
                continue;
            if (keep.Digest is { } digest)
                KeepImagesOf(inventory, digest, reason);
            if (keep.Tag is { } tag && inventory.Tags.TryGetValue(tag, out var tagged))
                KeepImagesOf(inventory, tagged, reason);
        }
    }

    // A host may name the manifest of its platform. Its image is kept then.
    private void KeepImagesOf(RepositoryInventory inventory, Digest digest, KeepReason reason)
    {
        var images = inventory.Roots.Contains(digest)
            ? [digest]
            : inventory.Roots.Where(root => Closure.Of(inventory, [root]).Contains(digest)).ToList();
        foreach (var image in images)
            KeepRoot(inventory, image, reason);
    }

    private static List<string> Newest(IEnumerable<FoundPromotion> promotions) =>
        [.. promotions.OrderByDescending(promotion => promotion.Time)
            .ThenByDescending(promotion => promotion.Version, VersionComparer.Instance)
            .Select(promotion => promotion.Version).Distinct()];

    private void KeepNewestReleases()
    {
        var releases = inventories.Where(inventory => inventory.Place.IsBase).SelectMany(inventory => inventory.Releases).ToList();
        foreach (var version in releases.OrderByDescending(release => release.Created)
            .ThenByDescending(release => release.Version, VersionComparer.Instance)
            .Select(release => release.Version).Distinct().Take(_rules.KeepsOnlyNeeded ? 0 : _rules.Keep))
            _kept.Add(Base, version, new(KeepReasonKind.Newest, $"it is among the last {_rules.Keep} that were published"));
        foreach (var release in releases)
            KeepByAge(Base, release.Version, release.Created, "published");
    }

    private void KeepByAge(string environment, string version, DateTimeOffset at, string verb)
    {
        if (ReasonOfAge(at, verb) is { } reason)
            _kept.Add(environment, version, reason);
    }

    private KeepReason? ReasonOfAge(DateTimeOffset at, string verb)
    {
        var age = now - at;
        if (age < _rules.InProgress)
            return new(KeepReasonKind.InProgress, $"it was {verb} within the last {Format.Duration(_rules.InProgress)}");
        return age < _rules.MinimumAge
            ? new(KeepReasonKind.Age, $"it was {verb} less than {Format.Duration(_rules.MinimumAge)} ago")
            : null;
    }

    /// <summary>Keeps an image for what it is itself, whatever releases are kept.</summary>
    private void KeepBySelf(RepositoryInventory inventory, Digest root)
    {
        var versions = inventory.VersionsOf(root).ToList();
        var tags = inventory.TagsOf(root).Where(tag => !Closure.IsAttachmentTag(tag)).ToList();
        foreach (var tag in tags)
        {
            if (_rules.KeepTags.FirstOrDefault(pattern => TagPattern.Matches(pattern, tag)) is { } pattern)
                KeepRoot(inventory, root, new(KeepReasonKind.Rule, $"its tag {tag} matches '{pattern}'"));
            if (!_rules.KeepsOnlyNeeded && !versions.Exists(version => version.Version == ReleaseTag.VersionOf(tag)))
                KeepRoot(inventory, root, new(KeepReasonKind.Tag, $"its tag {tag} is of no release that is recorded there"));
        }

        if (inventory.PromotionsOf(root).FirstOrDefault(each => !inventory.IsDeclared(each)) is { } other)
            KeepRoot(
                inventory,
                root,
                new(KeepReasonKind.Undeclared, $"it was promoted to {other.Environment}, which the build does not declare"));
        var parts = PartsOf(inventory, root);
        if (parts.Exists(node => node.IsLocked))
            KeepRoot(inventory, root, new(KeepReasonKind.Lock, "it is locked in the registry"));
        var written = parts.Select(node => node.Written).Max();
        if (written is { } at && ReasonOfAge(at, "written") is { } reason)
            KeepRoot(inventory, root, reason);
        if (!_rules.KeepsOnlyNeeded && tags.Count == 0 && versions.Count == 0 && !inventory.Manifests[root].IsTimeKnown)
            KeepRoot(inventory, root, new(KeepReasonKind.Unknown, "it has neither a tag nor a record, and its age is not known"));
    }

    private static List<ManifestNode> PartsOf(RepositoryInventory inventory, Digest root) =>
        [.. Closure.Of(inventory, [root]).Select(digest => inventory.Manifests[digest])];

    private void KeepRoot(RepositoryInventory inventory, Digest root, KeepReason reason)
    {
        if (!_kept.Add(inventory.Location, root, reason))
            return;
        foreach (var (environment, version) in inventory.VersionsOf(root))
            _kept.Add(environment, version, new(KeepReasonKind.Part, $"its image {inventory.Place.Image} is kept: {reason.Text}"));
    }

    /// <summary>Lets what is kept keep what it needs; returns false when there was nothing new.</summary>
    private bool Spread()
    {
        var isNew = false;
        foreach (var (environment, version) in _kept.Versions.ToList())
        {
            foreach (var before in BeforeOf(environment))
                isNew |= _kept.AddOnce(before, version, new(KeepReasonKind.Later, $"{environment} keeps it"));
        }

        foreach (var (inventory, root) in Roots())
            isNew |= SpreadTo(inventory, root);
        if (isNew)
            return true;

        // Last: an image that its release keeps needs no other reason, and its other tags can go.
        foreach (var (inventory, root) in Roots())
            isNew |= SpreadBefore(inventory, root);
        return isNew;
    }

    private IEnumerable<(RepositoryInventory Inventory, Digest Root)> Roots() =>
        inventories.SelectMany(inventory => inventory.Roots.Select(root => (inventory, root)));

    private bool SpreadTo(RepositoryInventory inventory, Digest root)
    {
        var isNew = false;
        foreach (var (environment, version) in inventory.VersionsOf(root))
        {
            foreach (var reason in _kept.ReasonsOf(environment, version))
                isNew |= _kept.Add(inventory.Location, root, reason);
        }

        return isNew;
    }

    /// <summary>Keeps an image in the repositories before, whatever tags and records are there.</summary>
    private bool SpreadBefore(RepositoryInventory inventory, Digest root)
    {
        var isNew = false;
        if (!_kept.IsKept(inventory.Location, root))
            return false;
        var names = inventory.Place.Targets.Select(target => target.Environment.Name).ToList();
        foreach (var earlier in inventories.Where(each => each.Place.Image == inventory.Place.Image && each != inventory))
        {
            var isBefore = earlier.Place.IsBase
                || earlier.Place.Targets.Any(target => names.Exists(name => BeforeOf(name).Contains(target.Environment.Name)));
            if (isBefore && names.Count > 0 && earlier.Manifests.ContainsKey(root) && !_kept.IsKept(earlier.Location, root))
                isNew |= _kept.Add(earlier.Location, root, new(KeepReasonKind.Later, $"{Format.List(names)} keeps it"));
        }

        return isNew;
    }

    private List<string> BeforeOf(string environment)
    {
        if (environment == Base)
            return [];
        var declared = request.Targets.Select(target => target.Environment).Distinct().ToList();
        var before = new List<string>();
        for (var at = declared.Find(each => each.Name == environment)?.After;
            at is not null && !before.Contains(at.Name);
            at = declared.Find(each => each == at)?.After)
            before.Add(at.Name);
        return [.. before, Base];
    }

    /// <summary>What is kept: releases in environments, and images in repositories.</summary>
    internal sealed class KeptReleases
    {
        private readonly Dictionary<(string Environment, string Version), List<KeepReason>> _versions = [];
        private readonly Dictionary<(string Location, Digest Root), List<KeepReason>> _roots = [];

        public IReadOnlyCollection<(string Environment, string Version)> Versions => _versions.Keys;

        public bool IsKept(string location, Digest root) => _roots.ContainsKey((location, root));

        public bool IsVersionKept(string environment, string version) => _versions.ContainsKey((environment, version));

        public IReadOnlyList<KeepReason> ReasonsOf(string environment, string version) =>
            _versions.GetValueOrDefault((environment, version)) ?? [];

        public IReadOnlyList<KeepReason> ReasonsOf(string location, Digest root) =>
            [.. (_roots.GetValueOrDefault((location, root)) ?? []).OrderBy(reason => reason.Kind)];

        public bool Add(string environment, string version, KeepReason reason) => Add(_versions, (environment, version), reason);

        /// <summary>Adds a reason when there is none yet.</summary>
        public bool AddOnce(string environment, string version, KeepReason reason) =>
            !IsVersionKept(environment, version) && Add(environment, version, reason);

        public bool Add(string location, Digest root, KeepReason reason) => Add(_roots, (location, root), reason);

        private static bool Add<TKey>(Dictionary<TKey, List<KeepReason>> kept, TKey key, KeepReason reason)
            where TKey : notnull
        {
            if (!kept.TryGetValue(key, out var reasons))
                kept[key] = reasons = [];
            if (reasons.Contains(reason))
                return false;
            reasons.Add(reason);
            return true;
        }
    }
}
