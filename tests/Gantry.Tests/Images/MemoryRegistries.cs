using System.Collections.Concurrent;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Tests.Images;

/// <summary>Registries in memory. Like real ones they refuse a manifest whose blobs are not there, and verify what they are given.</summary>
internal sealed class MemoryRegistries : IImageRepositories
{
    private readonly ConcurrentDictionary<string, MemoryRepository> _repositories = new(StringComparer.Ordinal);

    /// <summary>What opening any repository fails with, when set.</summary>
    public GantryException? Failure { get; set; }

    public IImageRepository Open(RegistryAddress address, string repository) => Get(address.Describe(repository));

    public MemoryRepository Get(string location) => _repositories.GetOrAdd(location, name => new MemoryRepository(name) { Failure = Failure });
}

internal sealed class MemoryRepository(string location) : IImageRepository
{
    public ConcurrentDictionary<Digest, byte[]> Blobs { get; } = new();

    public ConcurrentDictionary<Digest, ManifestContent> Manifests { get; } = new();

    public ConcurrentDictionary<string, Digest> Tags { get; } = new(StringComparer.Ordinal);

    public ConcurrentBag<Digest> OpenedBlobs { get; } = [];

    public GantryException? Failure { get; init; }

    public string Location => location;

    public string Registry => location.Split('/')[0];

    public async Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) =>
        (await FindManifestAsync(tag, cancellationToken))?.Descriptor;

    public Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) =>
        Failure is not null ? throw Failure : Task.FromResult(Tags.TryGetValue(tag, out var digest) ? Manifests[digest] : null);

    public Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) => Task.FromResult(Manifests.ContainsKey(digest));

    public Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        Failure is not null ? throw Failure : Task.FromResult(Manifests.GetValueOrDefault(digest));

    public Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) => Task.FromResult(Blobs.ContainsKey(blob.Digest));

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        OpenedBlobs.Add(blob.Digest);
        return Task.FromResult<Stream>(new MemoryStream(Blobs[blob.Digest], writable: false));
    }

    public async Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken)
    {
        if (Blobs.ContainsKey(blob.Digest))
            return BlobPlacement.AlreadyThere;

        using var content = new MemoryStream();
        await using (var stream = await open(cancellationToken))
            await stream.CopyToAsync(content, cancellationToken);
        var bytes = content.ToArray();
        Assert.Equal(blob.Size, bytes.Length);
        Assert.Equal(blob.Digest, Digest.Of(bytes));
        Blobs[blob.Digest] = bytes;
        return BlobPlacement.Uploaded;
    }

    public Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        if (manifest.IsIndex)
        {
            Assert.All(manifest.ReadIndex().Manifests, entry => Assert.True(Manifests.ContainsKey(entry.Digest)));
        }
        else
        {
            var document = manifest.ReadManifest();
            Assert.All(document.Layers.Prepend(document.Config).Where(blob => blob.Urls is null), blob => Assert.True(Blobs.ContainsKey(blob.Digest), $"{blob.Digest} is missing"));
        }

        Manifests[manifest.Descriptor.Digest] = manifest;
        return Task.CompletedTask;
    }

    public async Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken)
    {
        await PutManifestAsync(manifest, cancellationToken);
        Tags[tag] = manifest.Descriptor.Digest;
    }

    public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. Tags.Keys.Order(StringComparer.Ordinal)]);

    public async Task<IReadOnlyList<string>?> ListFewTagsAsync(CancellationToken cancellationToken) => await ListTagsAsync(cancellationToken);

    public Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Descriptor>>([]);
}
