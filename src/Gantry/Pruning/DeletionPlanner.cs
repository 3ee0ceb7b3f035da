using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Pruning;

/// <summary>An image, or a tag of it, that a person names in order to delete it.</summary>
/// <param name="Location">The repository, as <see cref="IImageRepository.Location"/> has it.</param>
/// <param name="Tag">The tag; null when the digest is named.</param>
/// <param name="Digest">The digest, which stands for the image with all its tags; null when the tag is named.</param>
public sealed record NamedImage(string Location, string? Tag, Digest? Digest)
{
    /// <inheritdoc/>
    public override string ToString() => Digest is { } digest ? $"{Location}@{digest}" : $"{Location}:{Tag}";
}

/// <summary>
/// Makes the list of named images, with everything that belongs to them and to nothing else. What an environment, its rollback, a hold, a
/// host or a lock needs is refused. Writes nothing.
/// </summary>
/// <param name="client">The client that opens registries. One that caches answers is not suitable.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class DeletionPlanner(IRegistryClient client, TimeProvider? time = null)
{
    /// <summary>Makes the list, which <see cref="Pruner"/> applies.</summary>
    /// <param name="request">The registries. All of them are read, whichever something is deleted from. Its rules do not count.</param>
    /// <param name="named">The images.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN4140</c>: an image is not there; <c>GAN4141</c>: it is needed; <c>GAN4142</c>: it is in no
    /// registry of the request; <c>GAN4143</c>: it is a part of another image; <c>GAN4144</c>: the registry removes no tag alone; and those
    /// of <see cref="PruningPlanner.PlanAsync"/>.</exception>
    public async Task<PruningPlan> PlanAsync(
        PruningRequest request, IReadOnlyList<NamedImage> named, CancellationToken cancellationToken)
    {
        request = request with
        {
            Rules = request.Rules with { Keep = 1, MinimumAge = TimeSpan.Zero, KeepTags = [], KeepsOnlyNeeded = true },
        };
        var state = await new PruningPlanner(client, time).ReadAsync(request, cancellationToken);
        var choice = new DeletionChoice();
        foreach (var image in named)
            Add(choice, image, state);
        Check(choice, request, state);
        var plan = new ListMaker(request, state.Inventories, state.Kept, state.AsOf) { Choice = choice }.Make();
        foreach (var (inventory, root) in choice.Images)
        {
            if (!plan.Items.Any(item => item.Location == inventory.Location && item.Manifests.Contains(root)))
                throw DeletionErrors.Part(inventory.Location, root);
        }

        return plan;
    }

    private static void Add(DeletionChoice choice, NamedImage image, PruningState state)
    {
        var inventory = state.Inventories.FirstOrDefault(each => each.Location == image.Location)
            ?? throw DeletionErrors.NotDeclared(image.Location);
        if (image.Digest is { } digest)
        {
            if (!inventory.Manifests.ContainsKey(digest))
                throw DeletionErrors.NotThere(image.ToString());
            choice.Add(inventory, inventory.Roots.Contains(digest) ? digest : throw DeletionErrors.Part(inventory.Location, digest));
        }
        else
        {
            choice.Add(
                inventory,
                inventory.Tags.TryGetValue(image.Tag!, out var root) ? root : throw DeletionErrors.NotThere(image.ToString()),
                image.Tag!);
        }
    }

    private static void Check(DeletionChoice choice, PruningRequest request, PruningState state)
    {
        choice.Complete();
        foreach (var (inventory, root) in choice.Images)
        {
            if (state.Kept.ReasonsOf(inventory.Location, root) is { Count: > 0 } reasons)
                throw DeletionErrors.Needed($"{inventory.Location}@{root}", inventory.TagsOf(root), reasons);
        }

        foreach (var (inventory, root, tag) in choice.TagsAlone)
        {
            var version = ReleaseTag.VersionOf(tag);
            var reasons = inventory.VersionsOf(root).Where(each => each.Version == version)
                .SelectMany(each => state.Kept.ReasonsOf(each.Environment, version)).ToList();
            if (reasons.Count > 0)
                throw DeletionErrors.Needed($"{inventory.Location}:{tag}", [], reasons);
            if (!ListMaker.RemovesTags(request, inventory))
                throw DeletionErrors.TagAlone(inventory.Location, tag, inventory.TagsOf(root).Where(other => other != tag));
        }
    }
}

/// <summary>What a person has named: images with all their tags, and tags of images that stay.</summary>
internal sealed class DeletionChoice
{
    private readonly List<(RepositoryInventory Inventory, Digest Root)> _images = [];
    private readonly List<(RepositoryInventory Inventory, Digest Root, string Tag)> _tags = [];

    /// <summary>The images.</summary>
    public IReadOnlyList<(RepositoryInventory Inventory, Digest Root)> Images => _images;

    /// <summary>The tags of images that stay.</summary>
    public IReadOnlyList<(RepositoryInventory Inventory, Digest Root, string Tag)> TagsAlone => _tags;

    public bool Has(RepositoryInventory inventory, Digest root) => _images.Contains((inventory, root));

    /// <summary>Adds an image.</summary>
    public void Add(RepositoryInventory inventory, Digest root)
    {
        if (!Has(inventory, root))
            _images.Add((inventory, root));
    }

    /// <summary>Adds a tag.</summary>
    public void Add(RepositoryInventory inventory, Digest root, string tag)
    {
        if (!_tags.Contains((inventory, root, tag)))
            _tags.Add((inventory, root, tag));
    }

    /// <summary>Takes an image whose tags are all named for named itself.</summary>
    public void Complete()
    {
        foreach (var image in _tags.GroupBy(tag => (tag.Inventory, tag.Root)).ToList())
        {
            var all = image.Key.Inventory.TagsOf(image.Key.Root).Where(tag => !Closure.IsAttachmentTag(tag));
            if (all.All(tag => image.Any(named => named.Tag == tag)))
                Add(image.Key.Inventory, image.Key.Root);
        }

        _tags.RemoveAll(tag => Has(tag.Inventory, tag.Root));
    }
}
