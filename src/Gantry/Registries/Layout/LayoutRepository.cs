using System.Collections.Concurrent;
using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>
/// A repository in an OCI layout folder. Tags and referrers are entries of <c>index.json</c>, where skopeo, crane and oras find them;
/// manifests that an index lists are found by their digest only and stand in no list of their own.
/// </summary>
internal sealed class LayoutRepository(LayoutFolder folder, string registry, string location) : IImageRepository
{
    // What a manifest is about never changes.
    private readonly ConcurrentDictionary<Digest, (Descriptor Subject, Descriptor Entry)?> _referrers = new();

    public string Location => location;

    public string Registry => registry;

    public async Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) =>
        (await LayoutIndex.ReadAsync(folder, cancellationToken)).Find(Names.Tag(tag));

    public async Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken)
    {
        var entry = await FindTagAsync(tag, cancellationToken);
        if (entry is null)
            return null;
        return await ReadManifestAsync(entry.Digest, entry, cancellationToken)
            ?? throw RegistryErrors.MalformedLayout(folder.Path, $"its tag '{tag}' points to {entry.Digest}, which is missing");
    }

    public async Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        await folder.ExistsAsync(cancellationToken) && folder.HasBlob(digest);

    public async Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        var index = await LayoutIndex.ReadAsync(folder, cancellationToken);
        return await ReadManifestAsync(digest, index.Find(digest), cancellationToken);
    }

    public async Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        await folder.ExistsAsync(cancellationToken) && folder.HasBlob(blob.Digest, blob.Size);

    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var file = await folder.ExistsAsync(cancellationToken) ? folder.TryOpen(folder.BlobFile(blob.Digest)) : null;
        if (file is null)
            throw RegistryErrors.BlobNotFound(location, blob.Digest);
        if (file.Length != blob.Size)
        {
            var size = file.Length;
            await file.DisposeAsync();
            throw RegistryErrors.SizeMismatch(location, blob.Digest, blob.Size, $"{size}");
        }

        return new BlobStream(blob, location, file, ReopenAsync);

        Task<Stream> ReopenAsync(long position, CancellationToken token)
        {
            var again = folder.TryOpen(folder.BlobFile(blob.Digest)) ?? throw RegistryErrors.BlobNotFound(location, blob.Digest);
            again.Position = position;
            return Task.FromResult<Stream>(again);
        }
    }

    public async Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken)
    {
        if (await HasBlobAsync(blob, cancellationToken))
            return BlobPlacement.AlreadyThere;

        var mount = mountFrom is LayoutRepository other && other.Registry == Registry && await other.HasBlobAsync(blob, cancellationToken) ? mountFrom : null;
        await using var content = mount is null ? await open(cancellationToken) : await mount.OpenBlobAsync(blob, cancellationToken);
        await using var verified = content as BlobStream ?? new BlobStream(blob, location, content);
        await folder.InitializeAsync(cancellationToken);
        await folder.WriteAsync(folder.BlobFile(blob.Digest), (file, token) => BlobCopier.CopyAsync(verified, file, token), cancellationToken);
        return mount is null ? BlobPlacement.Uploaded : BlobPlacement.Mounted;
    }

    public async Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        await WriteManifestAsync(manifest, cancellationToken);
        if (Referrer.Of(manifest) is not null)
            await ChangeIndexAsync(index => index.AddUntagged(manifest.Descriptor), cancellationToken);
    }

    public async Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken)
    {
        Names.Tag(tag);
        await WriteManifestAsync(manifest, cancellationToken);
        await ChangeIndexAsync(index => index.SetTag(tag, manifest.Descriptor), cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        (await LayoutIndex.ReadAsync(folder, cancellationToken)).Tags;

    public async Task<IReadOnlyList<string>?> ListFewTagsAsync(CancellationToken cancellationToken) => await ListTagsAsync(cancellationToken);

    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        var index = await LayoutIndex.ReadAsync(folder, cancellationToken);
        var referrers = new List<Descriptor>();
        foreach (var entry in index.Entries.DistinctBy(entry => entry.Digest))
        {
            if (await ReadReferrerAsync(entry, cancellationToken) is { } referrer && referrer.Subject.Digest == subject)
                referrers.Add(referrer.Entry);
        }

        // Other tools keep the list under the fallback tag, as in a registry.
        if (index.Find(Referrer.FallbackTag(subject)) is { } list && MediaTypes.IsIndex(list.MediaType)
            && await ReadManifestAsync(list.Digest, list, cancellationToken) is { } content)
            referrers.AddRange(content.ReadIndex().Manifests);
        return [.. referrers.DistinctBy(referrer => referrer.Digest)];
    }

    private async Task<(Descriptor Subject, Descriptor Entry)?> ReadReferrerAsync(Descriptor entry, CancellationToken cancellationToken)
    {
        if (_referrers.TryGetValue(entry.Digest, out var known))
            return known;
        if (!(MediaTypes.IsIndex(entry.MediaType) || MediaTypes.IsManifest(entry.MediaType)))
            return null;

        var content = await ReadManifestAsync(entry.Digest, entry, cancellationToken);
        return content is null ? null : _referrers.GetOrAdd(entry.Digest, Referrer.Of(content));
    }

    private async Task<ManifestContent?> ReadManifestAsync(Digest digest, Descriptor? entry, CancellationToken cancellationToken)
    {
        if (!await folder.ExistsAsync(cancellationToken))
            return null;
        var content = await folder.TryReadAsync(folder.BlobFile(digest), ManifestContent.MaximumSize, cancellationToken);
        if (content is null)
            return null;

        var actual = digest.OfSameAlgorithm(content);
        if (actual != digest)
            throw RegistryErrors.DigestMismatch(location, digest, actual.ToString());
        if (entry is not null && entry.Size != content.Length)
            throw RegistryErrors.SizeMismatch(location, digest, entry.Size, $"{content.Length}");
        return ManifestContent.FromVerified(ManifestInspector.MediaTypeOf(content, entry?.MediaType, $"{location}@{digest}"), digest, content);
    }

    private async Task WriteManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        var descriptor = manifest.Descriptor;
        await folder.InitializeAsync(cancellationToken);
        if (folder.HasBlob(descriptor.Digest, descriptor.Size))
            return;
        await folder.WriteAsync(folder.BlobFile(descriptor.Digest), async (file, token) => await file.WriteAsync(manifest.Bytes, token), cancellationToken);
    }

    private Task ChangeIndexAsync(Func<LayoutIndex, bool> change, CancellationToken cancellationToken) =>
        folder.WithLockAsync(
            async () =>
            {
                var index = await LayoutIndex.ReadAsync(folder, cancellationToken);
                if (change(index))
                    await index.WriteAsync(cancellationToken);
            },
            cancellationToken);
}
