using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>
/// A repository in the folder of an OCI layout, from which images can be deleted. The blobs of a deleted image stay until
/// <see cref="UnusedBlobs"/> removes them.
/// </summary>
internal sealed class LayoutFolderRepository(LayoutFolder folder, string registry, string location, Action<string>? log)
    : LayoutRepository(folder, RefNames.Tags, registry, location, log), IDeletesImages, IListsManifests
{
    /// <summary>The files of the layout.</summary>
    public LayoutFolder Folder => folder;

    public bool DeletesReferrers => false;

    public bool RemovesTags => true;

    public Task<bool> DeleteManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        folder.DeleteAsync(digest, cancellationToken);

    public Task RemoveTagAsync(string tag, CancellationToken cancellationToken)
    {
        Names.Tag(tag);
        return folder.ChangeIndexAsync(index => index.RemoveTag(tag, RefNames.Tags), cancellationToken);
    }

    // The index of the layout is the list. Other tools keep one under the tag, as in a registry.
    public async Task RemoveFromReferrersAsync(Digest subject, IReadOnlySet<Digest> deleted, CancellationToken cancellationToken)
    {
        var tag = Referrer.FallbackTag(subject);
        if (await FindManifestAsync(tag, cancellationToken) is not { IsIndex: true } list)
            return;
        var index = list.ReadIndex();
        var kept = index.Manifests.Where(entry => !deleted.Contains(entry.Digest)).ToList();
        if (kept.Count < index.Manifests.Count)
            await PutTagAsync(tag, ManifestContent.Create(index with { Manifests = kept, Subject = null }), cancellationToken);
    }

    public async Task<IReadOnlyList<StoredManifest>> ListManifestsAsync(CancellationToken cancellationToken)
    {
        var index = await folder.ReadIndexAsync(cancellationToken);
        return
        [
            .. index.Entries.Select(entry => entry.Digest).Distinct()
                .Select(digest => new StoredManifest(digest) { Written = folder.FindTime(digest) }),
        ];
    }
}
