using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Testing.Simulation;

/// <summary>A repository of a simulated registry: each method sends the requests that it sends over the distribution API.</summary>
internal sealed class SimulatedRepository(SimulatedSession session, SimulatedRegistries registries, string registry, string location)
    : IImageRepository
{
    public string Location => location;

    public string Registry => registry;

    internal RepositoryContent Content { get; } = registries.Repository(location);

    public Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) =>
        ReadAsync(() => Tagged(tag)?.Descriptor, _ => 0, cancellationToken);

    public Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) =>
        ReadAsync(() => Tagged(tag), SizeOf, cancellationToken);

    public Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        ReadAsync(() => Content.Manifests.GetValueOrDefault(digest), SizeOf, cancellationToken);

    public Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        ReadAsync(() => Content.Manifests.ContainsKey(digest), _ => 0, cancellationToken);

    public Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        ReadAsync(() => Content.Blobs.Contains(blob.Digest), _ => 0, cancellationToken);

    // Layers have no bytes in the simulation: a copy counts their size and reads an empty stream.
    public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (!await ReadAsync(() => Content.Blobs.Contains(blob.Digest), isThere => isThere ? blob.Size : 0, cancellationToken))
            throw new GantryException("GAN2004", $"the blob {blob.Digest} is not in {location}", "push the image again: it is incomplete");
        return registries.Content.Find(blob.Digest) is { } content
            ? new BlobStream(blob, location, new MemoryStream(content, writable: false))
            : Stream.Null;
    }

    public async Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken)
    {
        var holder = mountFrom is SimulatedRepository other && other.Registry == Registry ? other : this;
        var isThere = Content.Blobs.Contains(blob.Digest);
        if (await WriteAsync(0, () => holder.Content.Blobs.Contains(blob.Digest), cancellationToken))
        {
            Content.Blobs.Add(blob.Digest);
            await HasBlobAsync(blob, cancellationToken);
            return isThere ? BlobPlacement.AlreadyThere : BlobPlacement.Mounted;
        }

        await using var content = await open(cancellationToken);
        if (!registries.Content.Has(blob.Digest))
            registries.Content.Add(blob.Digest, await ReadAsync(blob, content, cancellationToken));
        await WriteAsync(blob.Size, () => Content.Blobs.Add(blob.Digest), cancellationToken);
        return BlobPlacement.Uploaded;
    }

    public async Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        var subject = await WriteAsync(manifest.Bytes.Length, () => Store(manifest), cancellationToken);

        // Where the registry says that it lists the referrer, the list is read once.
        if (subject is { } listed)
            await ListReferrersAsync(listed, knownTags: null, cancellationToken);
    }

    public Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken) => WriteAsync(
        manifest.Bytes.Length,
        () =>
        {
            Store(manifest);
            return Content.Tags[Names.Tag(tag)] = manifest.Descriptor.Digest;
        },
        cancellationToken);

    public async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        await ReadAsync(() => Content.Tags.Keys.ToList(), tags => tags.Sum(tag => tag.Length + 3L), cancellationToken);

    public async Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
        await ListTagsAsync(cancellationToken);

    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) =>
        await session.SendAsync(
            registry,
            RequestKind.ReferrerList,
            upload: 0,
            () => Content.Referrers.TryGetValue(subject, out var found) ? found.ToList() : [],
            found => found.Sum(entry => 400L + (entry.Annotations?.Sum(each => each.Key.Length + each.Value.Length) ?? 0)),
            cancellationToken);

    /// <summary>Stores a manifest without a request.</summary>
    internal Digest? Store(ManifestContent content)
    {
        var (manifest, subject, entry) = registries.Content.Share(content);
        if (Content.Manifests.TryAdd(manifest.Descriptor.Digest, manifest) && subject is { } of)
        {
            if (!Content.Referrers.TryGetValue(of, out var list))
                Content.Referrers[of] = list = [];
            list.Add(entry);
        }

        return subject;
    }

    private Task<T> ReadAsync<T>(Func<T> act, Func<T, long> download, CancellationToken cancellationToken) =>
        session.SendAsync(registry, RequestKind.Read, upload: 0, act, download, cancellationToken);

    private Task<T> WriteAsync<T>(long upload, Func<T> act, CancellationToken cancellationToken) =>
        session.SendAsync(registry, RequestKind.Write, upload, act, _ => 0, cancellationToken);

    private static async Task<byte[]> ReadAsync(Descriptor blob, Stream content, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream((int)blob.Size);
        await content.CopyToAsync(memory, cancellationToken);
        return memory.ToArray();
    }

    private ManifestContent? Tagged(string tag) =>
        Content.Tags.TryGetValue(Names.Tag(tag), out var digest) ? Content.Manifests[digest] : null;

    private static long SizeOf(ManifestContent? manifest) => manifest?.Bytes.Length ?? 0;
}
