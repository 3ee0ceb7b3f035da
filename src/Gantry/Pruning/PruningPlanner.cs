using Gantry.Environments;
using Gantry.Holds;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Pruning;

/// <summary>
/// Reads the base registry and all environments in full, and finds what nothing keeps. Writes nothing. Whatever cannot be read means that
/// there is no list.
/// </summary>
/// <param name="client">The client that opens registries. One that caches answers is not suitable.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class PruningPlanner(IRegistryClient client, TimeProvider? time = null)
{
    /// <summary>Makes the list.</summary>
    /// <param name="request">The registries and the rules.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN4701</c>: a rule cannot be used; <c>GAN4702</c>: something cannot be read; <c>GAN4703</c>:
    /// nothing was ever promoted to an environment.</exception>
    public async Task<PruningPlan> PlanAsync(PruningRequest request, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(request, cancellationToken);
        return new ListMaker(request, state.Inventories, state.Kept, state.AsOf).Make();
    }

    /// <summary>Reads everything, and finds what is kept.</summary>
    internal async Task<PruningState> ReadAsync(PruningRequest request, CancellationToken cancellationToken)
    {
        request.Rules.Validate();
        var now = (time ?? TimeProvider.System).GetUtcNow();
        var places = FindRepositories(request);
        var first = await Concurrently.SelectAsync(
            places, (place, token) => new InventoryReader(place, request.Catalog, now).ReadAsync([], token), cancellationToken, atOnce: 4);

        // What the base registry has, an environment may have without a tag: it is looked for by its digest.
        var known = first
            .SelectMany(inventory => inventory.Releases.SelectMany(release => release.Images)
                .Concat(inventory.Promotions.Select(promotion => (inventory.Place.Image, promotion.Digest))))
            .ToLookup(each => each.Item1, each => each.Item2);
        var all = await Concurrently.SelectAsync(
            first,
            (inventory, token) => known[inventory.Place.Image].All(inventory.Manifests.ContainsKey)
                ? Task.FromResult(inventory)
                : new InventoryReader(inventory.Place, request.Catalog, now).ReadAsync(known[inventory.Place.Image].Distinct(), token),
            cancellationToken,
            atOnce: 4);
        var keeps = new KeepFinder(request, [new HoldKeepSource(HoldsOf(request), request.Images), .. request.Sources], all, now);
        await keeps.FindAsync(cancellationToken);
        await keeps.KeepLockedAsync(cancellationToken);
        return new PruningState(all, keeps.Kept, now);
    }

    // A hold is read where its environment is.
    private HoldReader HoldsOf(PruningRequest request) => new(new ClientOfEnvironments(request, client), time);

    private sealed class ClientOfEnvironments(PruningRequest request, IRegistryClient otherwise) : IRegistryClient
    {
        public IImageRepository Open(RegistryAddress address, string repository)
        {
            var environment = request.Targets.FirstOrDefault(target => target.Address == address)?.Environment;
            return (request.ClientOf?.Invoke(environment) ?? otherwise).Open(address, repository);
        }
    }

    private List<PrunedRepository> FindRepositories(PruningRequest request)
    {
        var repositories = new Dictionary<string, PrunedRepository>(StringComparer.Ordinal);
        foreach (var target in request.Targets.Reverse())
        {
            foreach (var image in request.Images)
                Add(target.Environment, target.Address, image, place => place with { Targets = [target, .. place.Targets] });
        }

        foreach (var image in request.Images)
            Add(null, request.Base, image, place => place with { IsBase = true, BaseTrust = request.BaseTrust });

        // In later environments first: what is kept there is needed in those before.
        return [.. repositories.Values.OrderBy(place => place.IsBase)];

        void Add(PromotionEnvironment? environment, RegistryAddress address, string image, Func<PrunedRepository, PrunedRepository> extend)
        {
            var opens = request.ClientOf?.Invoke(environment) ?? client;
            var repository = opens.Open(address, image);
            var place = repositories.GetValueOrDefault(repository.Location) ?? new PrunedRepository
            {
                Repository = repository,
                Reads = new ReadOnceClient(opens).Open(address, image),
                Address = address,
                Image = image,
            };
            repositories[repository.Location] = extend(place);
        }
    }
}

/// <summary>What is there, and what is kept.</summary>
/// <param name="Inventories">Everything that is there.</param>
/// <param name="Kept">What is kept, and why.</param>
/// <param name="AsOf">The time of the read.</param>
internal sealed record PruningState(
    IReadOnlyList<RepositoryInventory> Inventories, KeepFinder.KeptReleases Kept, DateTimeOffset AsOf);
