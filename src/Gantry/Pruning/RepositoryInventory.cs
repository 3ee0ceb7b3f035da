using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Signing;

namespace Gantry.Pruning;

/// <summary>A repository of the build: one image in the base registry, in registries of environments, or in several of them.</summary>
internal sealed record PrunedRepository
{
    public required IImageRepository Repository { get; init; }

    /// <summary>The repository for one read in full, which asks each question once.</summary>
    public required IImageRepository Reads { get; init; }

    public required RegistryAddress Address { get; init; }

    public required string Image { get; init; }

    /// <summary>True when it is one of the base registry.</summary>
    public bool IsBase { get; init; }

    /// <summary>The keys of the build.</summary>
    public TrustPolicy? BaseTrust { get; init; }

    /// <summary>The registries of environments that it is in.</summary>
    public IReadOnlyList<PromotionTarget> Targets { get; init; } = [];

    public string Location => Repository.Location;

    /// <summary>Returns the places that its records are about: each with its name, its URI and its keys.</summary>
    public IEnumerable<PrunedPlace> Places()
    {
        if (IsBase)
            yield return new PrunedPlace(null, null, ResourceUri.For(Address, Image, "base"), BaseTrust);
        foreach (var target in Targets)
            yield return new PrunedPlace(target.Environment.Name, target.Region, target.ResourceUriOf(Image), target.Trust);
    }
}

/// <summary>A place that a pruning record is about.</summary>
internal sealed record PrunedPlace(string? Environment, string? Region, string Uri, TrustPolicy? Trust)
{
    /// <summary>The name under which its signer is found: that of the environment, or <c>base</c>.</summary>
    public string SignerName => Environment ?? "base";

    public string DisplayName => Environment is null ? "the base registry" : Region is null ? Environment : $"{Environment}, {Region}";
}

/// <summary>Everything that is in a repository, as far as it can be found.</summary>
internal sealed class RepositoryInventory(PrunedRepository place)
{
    public PrunedRepository Place => place;

    /// <summary>The tags, with what they point to.</summary>
    public required IReadOnlyDictionary<string, Digest> Tags { get; init; }

    /// <summary>The manifests.</summary>
    public required IReadOnlyDictionary<Digest, ManifestNode> Manifests { get; init; }

    /// <summary>The promotions that are recorded beside them, in whatever environment.</summary>
    public required IReadOnlyList<FoundPromotion> Promotions { get; init; }

    /// <summary>The releases that are recorded beside them.</summary>
    public required IReadOnlyList<PublishedImage> Releases { get; init; }

    /// <summary>The releases that images were of until their deletion began, which was stopped; they are not recorded any more.</summary>
    public required IReadOnlyList<StoppedDeletion> Stopped { get; init; }

    public string Location => Place.Location;

    /// <summary>The manifests that stand for themselves: those with a tag, and those that belong to no other one.</summary>
    public IReadOnlySet<Digest> Roots => field ??= FindRoots();

    private ILookup<Digest, string> TagsByDigest => field ??= Tags.ToLookup(tag => tag.Value, tag => tag.Key);

    private ILookup<Digest, FoundPromotion> PromotionsByDigest => field ??= Promotions.ToLookup(promotion => promotion.Digest);

    private ILookup<Digest, PublishedImage> ReleasesByDigest => field ??= Releases.ToLookup(release => release.Digest);

    /// <summary>Returns the tags that point to a manifest.</summary>
    public IReadOnlyList<string> TagsOf(Digest digest) => [.. TagsByDigest[digest].Order(StringComparer.Ordinal)];

    /// <summary>Returns the promotions that are recorded beside an image.</summary>
    public IEnumerable<FoundPromotion> PromotionsOf(Digest digest) => PromotionsByDigest[digest];

    /// <summary>Returns the releases that are recorded beside an image.</summary>
    public IEnumerable<PublishedImage> ReleasesOf(Digest digest) => ReleasesByDigest[digest];

    /// <summary>Returns the releases that an image was of until its deletion began, when that was stopped.</summary>
    public IEnumerable<StoppedDeletion> StoppedOf(Digest digest) => Stopped.Where(stopped => stopped.Image == digest);

    /// <summary>Returns true when the build declares the environment of a promotion, in this repository.</summary>
    public bool IsDeclared(FoundPromotion promotion) => Place.Targets
        .Any(target => target.Environment.Name == promotion.Environment && target.Region == promotion.Region);

    /// <summary>
    /// Returns the releases that an image is of, by the environments of the repository; the base registry has the empty name.
    /// </summary>
    public IEnumerable<(string Environment, string Version)> VersionsOf(Digest root) =>
        (Place.IsBase ? ReleasesOf(root).Select(release => ("", release.Version)) : [])
            .Concat(PromotionsOf(root).Where(IsDeclared).Select(promotion => (promotion.Environment, promotion.Version)))
            .Concat(StoppedOf(root).SelectMany(
                stopped => Place.Places().Select(each => (each.Environment ?? "", stopped.Version))))
            .Distinct();

    private HashSet<Digest> FindRoots()
    {
        var tagged = Tags.Where(tag => !Closure.IsAttachmentTag(tag.Key)).Select(tag => tag.Value).ToHashSet();
        var parts = Manifests.Values.SelectMany(node => node.Children.Concat(node.Referrers))
            .Concat(Tags.Where(tag => Closure.IsAttachmentTag(tag.Key)).Select(tag => tag.Value))
            .ToHashSet();
        return
        [
            .. Manifests.Values
                .Where(node => tagged.Contains(node.Descriptor.Digest)
                    || (node.Subject is null && !parts.Contains(node.Descriptor.Digest)))
                .Select(node => node.Descriptor.Digest),
        ];
    }
}

/// <summary>A manifest in a repository, without its bytes.</summary>
internal sealed record ManifestNode(Descriptor Descriptor)
{
    /// <summary>The manifests that it lists, when it is an index.</summary>
    public required IReadOnlyList<Digest> Children { get; init; }

    /// <summary>The blobs that it lists.</summary>
    public required IReadOnlyList<Descriptor> Blobs { get; init; }

    /// <summary>The manifest that it refers to; null when it is none that refers to another one.</summary>
    public Digest? Subject { get; init; }

    /// <summary>The manifests that refer to it.</summary>
    public required IReadOnlyList<Digest> Referrers { get; init; }

    /// <summary>The time at which it was written, as far as that is known: by the repository, or by its own annotation.</summary>
    public DateTimeOffset? Written { get; init; }

    /// <summary>True when the repository itself said so.</summary>
    public bool IsTimeKnown { get; init; }

    /// <summary>True when the repository does not delete it.</summary>
    public bool IsLocked { get; init; }
}

/// <summary>A promotion that is recorded in a repository.</summary>
/// <param name="Environment">The environment that it names.</param>
/// <param name="Region">The region that it names.</param>
/// <param name="Version">The version of the release.</param>
/// <param name="Digest">The image.</param>
/// <param name="Time">The time.</param>
/// <param name="Counts">True when it is a record that proves it: signed by a key of the environment, where it has one.</param>
internal sealed record FoundPromotion(
    string Environment, string? Region, string Version, Digest Digest, DateTimeOffset Time, bool Counts)
{
    /// <summary>The attestation of the promotion before.</summary>
    public Digest? Previous { get; init; }

    /// <summary>The image that the tag pointed to before.</summary>
    public Digest? MovedFrom { get; init; }
}

/// <summary>An image of a release that is recorded in a repository.</summary>
internal sealed record PublishedImage(
    string Version, Digest Digest, DateTimeOffset Created, IReadOnlyList<(string Image, Digest Digest)> Images);
