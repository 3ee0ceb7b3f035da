using System.Collections.Concurrent;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Testing;

/// <summary>Registries in memory: every address exists, and behaves as <see cref="IImageRepository"/> requires.</summary>
public sealed class MemoryRegistries : IRegistryClient
{
    private readonly ConcurrentDictionary<string, MemoryRepository> _repositories = new(StringComparer.Ordinal);

    public IImageRepository Open(RegistryAddress address, string repository)
    {
        Names.Repository(repository);
        return _repositories.GetOrAdd(address.Describe(repository), location => new MemoryRepository(address.ToString()!, location));
    }
}

/// <summary>A repository in memory.</summary>
public sealed class MemoryRepository(string registry, string location) : IImageRepository, IDeletesImages
{
    private readonly ConcurrentDictionary<Digest, byte[]> _blobs = new();
    private readonly ConcurrentDictionary<Digest, ManifestContent> _manifests = new();
    private readonly ConcurrentDictionary<string, Digest> _tags = new(StringComparer.Ordinal);

    public string Location => location;

    public string Registry => registry;

    public Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) => Task.FromResult(Tagged(tag)?.Descriptor);

    public Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) => Task.FromResult(Tagged(tag));

    public Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        Task.FromResult(_manifests.GetValueOrDefault(digest));

    public Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        Task.FromResult(_manifests.ContainsKey(digest));

    public Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        Task.FromResult(_blobs.ContainsKey(blob.Digest));

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (!_blobs.TryGetValue(blob.Digest, out var content))
            throw new GantryException("GAN2004", $"the blob {blob.Digest} is not in {location}", "push the image again: it is incomplete");
        return Task.FromResult<Stream>(new BlobStream(blob, location, new MemoryStream(content, writable: false), (position, _) =>
            Task.FromResult<Stream>(new MemoryStream(content, (int)position, content.Length - (int)position, writable: false))));
    }

    public async Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken)
    {
        if (_blobs.ContainsKey(blob.Digest))
            return BlobPlacement.AlreadyThere;
        if (mountFrom is MemoryRepository other && other.Registry == Registry && other._blobs.TryGetValue(blob.Digest, out var mounted))
        {
            _blobs.TryAdd(blob.Digest, mounted);
            return BlobPlacement.Mounted;
        }

        await using var stream = await open(cancellationToken);
        await using var verified = stream as BlobStream ?? new BlobStream(blob, location, stream);
        using var content = new MemoryStream();
        await verified.CopyToAsync(content, cancellationToken);
        _blobs.TryAdd(blob.Digest, content.ToArray());
        return BlobPlacement.Uploaded;
    }

    public Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        _manifests[manifest.Descriptor.Digest] = manifest;
        return Task.CompletedTask;
    }

    public async Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken)
    {
        await PutManifestAsync(manifest, cancellationToken);
        _tags[Names.Tag(tag)] = manifest.Descriptor.Digest;
    }

    public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _tags.Keys.Order(StringComparer.Ordinal)]);

    public async Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
        await ListTagsAsync(cancellationToken);

    public Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Descriptor>>(
            [.. _manifests.Values.Select(Describe).Where(entry => entry.Subject == subject).Select(entry => entry.Descriptor)]);

    public bool DeletesReferrers => false;

    public bool RemovesTags => true;

    public Task<bool> DeleteManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        foreach (var tag in _tags.Where(tag => tag.Value == digest))
            _tags.TryRemove(tag);
        return Task.FromResult(_manifests.TryRemove(digest, out _));
    }

    public Task RemoveTagAsync(string tag, CancellationToken cancellationToken)
    {
        _tags.TryRemove(Names.Tag(tag), out _);
        return Task.CompletedTask;
    }

    public Task RemoveFromReferrersAsync(Digest subject, IReadOnlySet<Digest> deleted, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <summary>Removes manifests, as anyone can who may delete.</summary>
    public void Remove(Func<Descriptor, bool> isRemoved)
    {
        foreach (var manifest in _manifests.Values.Where(manifest => isRemoved(Describe(manifest).Descriptor)).ToList())
            _manifests.Remove(manifest.Descriptor.Digest, out _);
    }

    /// <summary>Removes a tag, as anyone can who may delete.</summary>
    public void RemoveTag(string tag) => _tags.Remove(tag, out _);

    private ManifestContent? Tagged(string tag) => _tags.TryGetValue(Names.Tag(tag), out var digest) ? _manifests[digest] : null;

    private static (Digest? Subject, Descriptor Descriptor) Describe(ManifestContent content)
    {
        if (content.IsIndex)
        {
            var index = content.ReadIndex();
            return (index.Subject?.Digest, content.Descriptor with { ArtifactType = index.ArtifactType, Annotations = index.Annotations });
        }

        var manifest = content.ReadManifest();
        return (manifest.Subject?.Digest, content.Descriptor with
        {
            ArtifactType = manifest.ArtifactType ?? manifest.Config.MediaType,
            Annotations = manifest.Annotations,
        });
    }
}
