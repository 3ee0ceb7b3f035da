using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Registries.Layout;
using Gantry.Signing;

namespace Gantry.Pruning;

/// <summary>Applies lists of what nothing keeps.</summary>
/// <remarks>
/// Before anything is deleted from a repository, a record of it is written there. Right before each deletion, the tags and referrers are
/// read again: an image that has got a new one is kept, and what was deleted of it until then is written again. If it stops at any point,
/// everything that is kept is complete, and a new list has the rest.
/// </remarks>
public sealed class Pruner
{
    /// <summary>The clock for records.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Returns the signer for an environment, or for <c>base</c>; null where nothing is signed.</summary>
    public Func<string, ISigner?> SignerOf { get; init; } = _ => null;

    /// <summary>The person or run that deletes.</summary>
    public PromotionActor By { get; init; } = PromotionActor.LocalUser;

    /// <summary>Called when an item of the list is about to be deleted.</summary>
    public Action<PruningItem>? Deleting { get; init; }

    /// <summary>
    /// Deletes what is in the list. Before anything is written, throws <c>GAN4705</c> when a repository offers no deletion, <c>GAN4706</c>
    /// when a record cannot be signed, <c>GAN4228</c> when the key is not trusted there. What a registry refuses is in the outcome.
    /// </summary>
    /// <param name="request">The request that the list was made for.</param>
    /// <param name="plan">The list.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<PruningOutcome> ApplyAsync(PruningRequest request, PruningPlan plan, CancellationToken cancellationToken)
    {
        var now = DocumentArtifact.Now(Time);
        var repositories = plan.Inventories
            .Select(inventory => (Inventory: inventory, Items: plan.Items.Where(item => item.Location == inventory.Location).ToList()))
            .Where(each => each.Items.Count > 0)
            .ToList();
        foreach (var (inventory, _) in repositories)
            await EnsurePossibleAsync(inventory.Place, now, cancellationToken);

        var outcome = new OutcomeBuilder(plan);
        foreach (var (inventory, items) in repositories)
        {
            if (outcome.IsOff(inventory.Place.Repository.Registry))
                outcome.Keep(items, "deletion is switched off");
            else
                await ApplyAsync(request, plan, inventory, items, outcome, now, cancellationToken);
        }

        return outcome.Build();
    }

    private async Task EnsurePossibleAsync(PrunedRepository place, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (place.Repository is not IDeletesImages)
            throw PruningErrors.NotDeletable(place.Location);
        foreach (var signed in place.Places())
        {
            if (signed.Trust is { } trust)
                await trust.RequireTrustedAsync(
                    signed.DisplayName, SignerOf(signed.SignerName) ?? throw PruningErrors.NoSigner(signed.DisplayName), now,
                    cancellationToken);
        }
    }

    private async Task ApplyAsync(
        PruningRequest request, PruningPlan plan, RepositoryInventory inventory, IReadOnlyList<PruningItem> items, OutcomeBuilder outcome,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var place = inventory.Place;
        try
        {
            // A digest that nothing has shows whether deletion is allowed, before a record says that something was deleted.
            await ((IDeletesImages)place.Repository).DeleteManifestAsync(
                Digest.Of(Guid.NewGuid().ToByteArray()), cancellationToken);
        }
        catch (GantryException refused) when (IsOff(refused))
        {
            outcome.SwitchOff(place.Repository.Registry, refused);
            outcome.Keep(items, "deletion is switched off");
            return;
        }

        await RecordAsync(plan, place, items, kept: null, now, cancellationToken);
        var guard = new ChangeGuard(inventory, plan.Inventories);
        var deletion = new ItemDeletion(request, inventory, guard, outcome);
        foreach (var item in items)
        {
            if (outcome.IsOff(place.Repository.Registry))
            {
                outcome.Keep([item], "deletion is switched off");
                continue;
            }

            Deleting?.Invoke(item);
            await deletion.RunAsync(item, cancellationToken);
        }

        var kept = items.SelectMany(item => item.Manifests).Where(digest => !outcome.IsDeleted(place.Location, digest)).ToList();
        if (kept.Count > 0)
            await RecordAsync(plan, place, items, kept, now, cancellationToken);
        if (place.Repository is LayoutFolderRepository layout)
            outcome.Collect(await new UnusedBlobs(layout.Folder, Time).CollectAsync(
                request.Rules.InProgress, removes: true, cancellationToken));
    }

    internal static bool IsOff(GantryException refused) => refused.Code == "GAN4710" || refused.Kind == ErrorKind.Unauthorized;

    private async Task RecordAsync(
        PruningPlan plan, PrunedRepository repository, IReadOnlyList<PruningItem> items, IReadOnlyList<Digest>? kept, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        foreach (var place in repository.Places())
        {
            var record = new PruningRecord
            {
                Environment = place.Environment,
                Region = place.Region,
                Place = place.Uri,
                Image = repository.Image,
                List = plan.Digest,
                Pruned = now,
                By = By,
                Items = [.. items.Select(item => new PrunedItem
                {
                    Digest = item.Digest,
                    Tags = item.Tags,
                    Versions = item.Versions,
                    Parts = [.. item.Manifests.Where(digest => digest != item.Digest)],
                    TagsOnly = item.Kind == PruningItemKind.Tag,
                })],
                Kept = kept,
            };
            await PruningRecords.PutAsync(
                repository.Repository, record, place.Trust is null ? null : SignerOf(place.SignerName), cancellationToken);
        }
    }
}
