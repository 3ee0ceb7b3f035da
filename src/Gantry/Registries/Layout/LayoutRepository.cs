using System.Collections.Concurrent;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Registries.Layout;

/// <summary>
/// A repository in an OCI layout. Tags and referrers are entries of <c>index.json</c>, where skopeo, crane and oras find them; manifests
/// that an index lists are found by their digest only and have no entry of their own.
/// </summary>
internal class LayoutRepository(ILayoutStore store, RefNames names, string registry, string location, Action<string>? log)
    : IImageRepository
{
    // The subject of a manifest never changes.
    private readonly ConcurrentDictionary<Digest, (Descriptor Subject, Descriptor Entry)?> _referrers = new();
    private long _referrerBytes;

    // What this session has found or written: a collection of unused blobs may remove it before the index names it.
    private readonly ConcurrentDictionary<Digest, byte> _seen = new();

    public string Location => location;

    public string Registry => registry;

    /// <summary>True when written content is visible immediately, not only when everything is complete.</summary>
    public bool ShowsWritesImmediately => store.ShowsWritesImmediately;

    public async Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) =>
        (await store.ReadIndexAsync(cancellationToken)).Find(Names.Tag(tag), names);

    public async Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken)
    {
        var entry = await FindTagAsync(tag, cancellationToken);
        if (entry is null)
            return null;
        return await ReadManifestAsync(entry.Digest, entry, cancellationToken)
            ?? throw RegistryErrors.MalformedLayout(store.Path, $"its tag '{tag}' points to {entry.Digest}, which is missing");
    }

    public async Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        Note(digest, await store.FindSizeAsync(digest, cancellationToken) is not null);

    public async Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        var index = await store.ReadIndexAsync(cancellationToken);
        return await ReadManifestAsync(digest, index.Find(digest), cancellationToken);
    }

    // A truncated blob does not count: it is written again.
    public async Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        Note(blob.Digest, await store.FindSizeAsync(blob.Digest, cancellationToken) == blob.Size);

    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var content = await OpenAsync(cancellationToken);
        if (content.Length != blob.Size)
        {
            var size = content.Length;
            await content.DisposeAsync();
            throw RegistryErrors.SizeMismatch(location, blob.Digest, blob.Size, $"{size}");
        }

        return new BlobStream(blob, location, content, ReopenAsync);

        async Task<Stream> ReopenAsync(long position, CancellationToken token)
        {
            var again = await OpenAsync(token);
            again.Position = position;
            return again;
        }

        async Task<Stream> OpenAsync(CancellationToken token) =>
            await store.TryOpenAsync(blob.Digest, token) ?? throw RegistryErrors.BlobNotFound(location, blob.Digest);
    }

    public async Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken)
    {
        if (await HasBlobAsync(blob, cancellationToken))
            return BlobPlacement.AlreadyThere.Report(blob, location, log);

        var mount = mountFrom is LayoutRepository other && other.Registry == Registry && await other.HasBlobAsync(blob, cancellationToken)
            ? mountFrom
            : null;
        try
        {
            await WriteAsync();
        }
        catch (GantryException exception) when (exception.Kind == ErrorKind.DigestMismatch && mount is null)
        {
            // Perhaps damaged in transit, or by a mirror: read it once more from the beginning.
            await WriteAsync();
        }

        return (mount is null ? BlobPlacement.Uploaded : BlobPlacement.Mounted).Report(blob, location, log);

        async Task WriteAsync()
        {
            await using var content = mount is null ? await open(cancellationToken) : await mount.OpenBlobAsync(blob, cancellationToken);
            await using var verified = content as BlobStream ?? new BlobStream(blob, location, content);
            await store.WriteAsync(blob, (target, token) => StreamCopier.CopyAsync(verified, target, token), cancellationToken);
            Note(blob.Digest, isThere: true);
        }
    }

    public async Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        await WriteManifestAsync(manifest, cancellationToken);
        if (Referrer.Of(manifest) is not null)
            await ChangeIndexAsync(manifest, index => index.AddUntagged(manifest.Descriptor), cancellationToken);
    }

    public async Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken)
    {
        Names.Tag(tag);
        await WriteManifestAsync(manifest, cancellationToken);
        await ChangeIndexAsync(manifest, index => index.SetTag(tag, manifest.Descriptor, names), cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        (await store.ReadIndexAsync(cancellationToken)).Tags(names);

    public async Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
        await ListTagsAsync(cancellationToken);

    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        var index = await store.ReadIndexAsync(cancellationToken);
        var referrers = new List<Descriptor>();
        foreach (var entry in index.Entries.DistinctBy(entry => entry.Digest))
        {
            if (await ReadReferrerAsync(entry, cancellationToken) is { } referrer && referrer.Subject.Digest == subject)
                referrers.Add(referrer.Entry);
        }

        // Other tools store the list under the fallback tag, as in a registry.
        if (index.Find(Referrer.FallbackTag(subject), names) is { } list && MediaTypes.IsIndex(list.MediaType)
            && await ReadManifestAsync(list.Digest, list, cancellationToken) is { } content)
            referrers.AddRange(content.ReadIndex().Manifests);
        return [.. referrers.DistinctBy(referrer => referrer.Digest)];
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => store.CompleteAsync(cancellationToken);

    /// <summary>Lists the images in the index, with or without a name, each with its tag; referrers of other images are left out.</summary>
    public async Task<IReadOnlyList<(Descriptor Image, string? Tag)>> ListImagesAsync(CancellationToken cancellationToken)
    {
        var images = new List<(Descriptor, string?)>();
        foreach (var entry in (await store.ReadIndexAsync(cancellationToken)).Entries)
        {
            var tag = names.TagOf(entry);
            var isNamedElsewhere = tag is null && RefNames.ForRepository(null).TagOf(entry) is not null;
            if (!isNamedElsewhere && await ReadReferrerAsync(entry, cancellationToken) is null)
                images.Add((entry, tag));
        }

        return images;
    }

    /// <summary>
    /// Changes the index for a manifest, while nothing collects unused blobs, if everything that this session has found of it or written
    /// is still there.
    /// </summary>
    private async Task ChangeIndexAsync(ManifestContent manifest, Func<LayoutIndex, bool> change, CancellationToken cancellationToken)
    {
        var parts = new HashSet<Digest>();
        if (store.ShowsWritesImmediately)
            await AddPartsAsync(manifest, parts, cancellationToken);
        await store.ChangeIndexAsync(
            index => parts.FirstOrDefault(store.IsMissing) is var missing && missing != default
                ? throw RegistryErrors.Vanished(store.Path, missing)
                : change(index),
            cancellationToken);
    }

    private async Task AddPartsAsync(ManifestContent manifest, HashSet<Digest> parts, CancellationToken cancellationToken)
    {
        if (!parts.Add(manifest.Descriptor.Digest))
            return;
        var links = ManifestLinks.Read(manifest);
        parts.UnionWith(links.Blobs.Select(blob => blob.Digest).Where(_seen.ContainsKey));
        foreach (var child in links.Manifests.Where(child => _seen.ContainsKey(child.Digest)))
        {
            if (await ReadManifestAsync(child.Digest, child, cancellationToken) is { } content)
                await AddPartsAsync(content, parts, cancellationToken);
            else
                parts.Add(child.Digest);
        }
    }

    private bool Note(Digest digest, bool isThere)
    {
        if (isThere)
            _seen.TryAdd(digest, 0);
        return isThere;
    }

    private async Task<(Descriptor Subject, Descriptor Entry)?> ReadReferrerAsync(Descriptor entry, CancellationToken cancellationToken)
    {
        if (_referrers.TryGetValue(entry.Digest, out var known))
            return known;
        if (!(MediaTypes.IsIndex(entry.MediaType) || MediaTypes.IsManifest(entry.MediaType)))
            return null;

        var content = await ReadManifestAsync(entry.Digest, entry, cancellationToken);
        if (content is null)
            return null;

        // The annotations of referrers are kept, and may be all of their bytes.
        var referrer = Referrer.Of(content);
        if (referrer is not null && Interlocked.Add(ref _referrerBytes, content.Bytes.Length) > Limits.ListBytes)
            throw RegistryErrors.EndlessList(
                location, "its referrers", $"they have more than {Format.Bytes(Limits.ListBytes)} (limit {nameof(Limits.ListBytes)})");
        return _referrers.GetOrAdd(entry.Digest, referrer);
    }

    private async Task<ManifestContent?> ReadManifestAsync(Digest digest, Descriptor? entry, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(digest, cancellationToken) is not { } content)
            return null;

        var actual = digest.OfSameAlgorithm(content);
        if (actual != digest)
            throw RegistryErrors.DigestMismatch(location, digest, actual.ToString());
        if (entry is not null && entry.Size != content.Length)
            throw RegistryErrors.SizeMismatch(location, digest, entry.Size, $"{content.Length}");
        return ManifestContent.FromVerified(
            ManifestInspector.MediaTypeOf(content, entry?.MediaType, $"{location}@{digest}"), digest, content);
    }

    private async Task<byte[]?> TryReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        var stream = await store.TryOpenAsync(digest, cancellationToken);
        if (stream is null)
            return null;

        await using (stream)
        {
            try
            {
                return await DocumentStream.ReadAllAsync(stream, $"{location}@{digest}", ManifestContent.MaximumSize, cancellationToken);
            }
            catch (EndOfStreamException exception)
            {
                throw RegistryErrors.MalformedLayout(store.Path, $"{digest} became shorter while it was read", exception);
            }
        }
    }

    private async Task WriteManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        if (await HasBlobAsync(manifest.Descriptor, cancellationToken))
            return;
        await store.WriteAsync(
            manifest.Descriptor, async (target, token) => await target.WriteAsync(manifest.Bytes, token), cancellationToken);
        Note(manifest.Descriptor.Digest, isThere: true);
    }
}
