using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Pruning;

/// <summary>Deletes the items of the list from a repository, each with everything that belongs to it, or not at all.</summary>
internal sealed class ItemDeletion(PruningRequest request, RepositoryInventory inventory, ChangeGuard guard, OutcomeBuilder outcome)
{
    private readonly IImageRepository _repository = inventory.Place.Repository;
    private readonly IDeletesImages _deletes = (IDeletesImages)inventory.Place.Repository;

    /// <summary>Deletes an item, unless it is needed again.</summary>
    public async Task RunAsync(PruningItem item, CancellationToken cancellationToken)
    {
        if (item.Kind == PruningItemKind.Tag)
        {
            await RemoveTagAsync(item, cancellationToken);
            return;
        }

        // Later environments come first: what is kept there can be promoted back.
        if (outcome.FindNeed(item) is { } later)
        {
            Keep(item, $"{later} keeps it");
            return;
        }

        if (await guard.FindReasonAsync(item, cancellationToken) is { } needed)
        {
            Keep(item, needed);
            return;
        }

        var deleted = new List<DeletedManifest>();
        foreach (var digest in OrderOf(item))
        {
            try
            {
                if (await DeleteAsync(digest, deleted, cancellationToken) is not { } reason)
                    continue;

                // What the registry has deleted with the image does not come back. A part that another image needs since just stays.
                if (_deletes.DeletesReferrers && ToSet(deleted).Contains(item.Digest))
                    continue;
                await RestoreAsync(deleted, cancellationToken);
                Keep(item, reason);
                return;
            }
            catch (GantryException refused)
            {
                await RestoreAsync(deleted, cancellationToken);
                await RefuseAsync(item, digest, refused, cancellationToken);
                return;
            }
        }

        // Between the last look and the deletion, a promotion may have recorded the image: where its record is left, the image comes back.
        if (!_deletes.DeletesReferrers && await guard.FindNewReferrerAsync(item.Digest, ToSet(deleted), cancellationToken) is { } record)
        {
            await RestoreAsync(deleted, cancellationToken);
            Keep(item, $"{record} refers to it since");
            return;
        }

        outcome.Delete(item);
    }

    private sealed record DeletedManifest(ManifestContent Content, IReadOnlyList<string> Tags);

    // Where the registry deletes referrers by itself, they are only looked after.
    private IEnumerable<Digest> OrderOf(PruningItem item) => _deletes.DeletesReferrers
        ? item.Manifests.Where(digest => inventory.Manifests[digest].Subject is null)
            .Concat(item.Manifests.Where(digest => inventory.Manifests[digest].Subject is not null).Reverse())
        : item.Manifests;

    private static HashSet<Digest> ToSet(IEnumerable<DeletedManifest> deleted) =>
        [.. deleted.Select(each => each.Content.Descriptor.Digest)];

    /// <summary>Deletes a manifest; returns why not when it is needed again.</summary>
    private async Task<string?> DeleteAsync(Digest digest, List<DeletedManifest> deleted, CancellationToken cancellationToken)
    {
        if (await _repository.FindManifestAsync(digest, cancellationToken) is not { } content)
            return null;
        if (await guard.FindReasonAsync(digest, ToSet(deleted), cancellationToken) is { } reason)
            return reason;
        await _deletes.DeleteManifestAsync(digest, cancellationToken);
        deleted.Add(new DeletedManifest(content, inventory.TagsOf(digest)));
        return null;
    }

    /// <summary>Writes again what was deleted of an image that is kept. Its blobs are still there.</summary>
    private async Task RestoreAsync(IReadOnlyList<DeletedManifest> deleted, CancellationToken cancellationToken)
    {
        var lost = new List<Digest>();
        GantryException? cause = null;

        // The platforms before their index, which was deleted before them; what refers to an image after it.
        foreach (var (content, tags) in deleted.Reverse())
        {
            try
            {
                await _repository.PutManifestAsync(content, cancellationToken);
                foreach (var tag in tags)
                {
                    if (await _repository.FindTagAsync(tag, cancellationToken) is null)
                        await _repository.PutTagAsync(tag, content, cancellationToken);
                }
            }
            catch (GantryException refused)
            {
                lost.Add(content.Descriptor.Digest);
                cause ??= refused;
            }
        }

        if (cause is null)
            return;
        outcome.Report(PruningErrors.NotRestored(_repository.Location, lost, cause));
        foreach (var subject in lost.Select(digest => inventory.Manifests[digest].Subject).OfType<Digest>().Distinct())
            await _deletes.RemoveFromReferrersAsync(subject, lost.ToHashSet(), cancellationToken);
    }

    private async Task RefuseAsync(PruningItem item, Digest digest, GantryException refused, CancellationToken cancellationToken)
    {
        if (await IsLockedAsync(digest, cancellationToken))
        {
            Keep(item, $"{digest} is locked in the registry");
            return;
        }

        if (Pruner.IsOff(refused))
            outcome.SwitchOff(_repository.Registry, refused);
        else
            outcome.Report(refused);
        guard.Keep(item, refused.Problem);
        outcome.Keep([item], refused.Problem);
    }

    private async Task<bool> IsLockedAsync(Digest digest, CancellationToken cancellationToken) =>
        request.Catalog is { } catalog && catalog.Knows(inventory.Place.Address)
        && await catalog.IsLockedAsync(
            inventory.Place.Address, inventory.Place.Image, digest, inventory.TagsOf(digest), cancellationToken);

    private async Task RemoveTagAsync(PruningItem item, CancellationToken cancellationToken)
    {
        foreach (var tag in item.Tags)
        {
            // Another run may have moved it.
            if ((await _repository.FindTagAsync(tag, cancellationToken))?.Digest != item.Digest)
            {
                outcome.Keep([item], $"the tag {tag} points to something else since");
                return;
            }

            if (await guard.FindNewReferrerAsync(item.Digest, new HashSet<Digest>(), cancellationToken) is { } record)
            {
                outcome.Keep([item], $"{record} refers to its image since");
                return;
            }

            try
            {
                if (_deletes.RemovesTags)
                    await _deletes.RemoveTagAsync(tag, cancellationToken);
                else
                    await request.Catalog!.RemoveTagAsync(inventory.Place.Address, inventory.Place.Image, tag, cancellationToken);
            }
            catch (GantryException refused)
            {
                outcome.Report(refused);
                outcome.Keep([item], refused.Problem);
                return;
            }
        }

        outcome.Delete(item);
    }

    private void Keep(PruningItem item, string reason)
    {
        guard.Keep(item, reason);
        outcome.Keep([item], reason);
        outcome.Need(item);
    }
}
