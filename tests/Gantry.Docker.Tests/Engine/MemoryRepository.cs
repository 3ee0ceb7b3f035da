using System.Collections.Concurrent;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Docker.Tests;

/// <summary>A repository in memory that verifies what it is given.</summary>
internal sealed class MemoryRepository : IImageRepository
{
    public ConcurrentDictionary<Digest, byte[]> Blobs { get; } = new();

    public ConcurrentDictionary<Digest, ManifestContent> Manifests { get; } = new();

    public string Location => "memory/app";

    public string Registry => "memory";

    public Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) => Task.FromResult<Descriptor?>(null);

    public Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) => Task.FromResult<ManifestContent?>(null);

    public Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) => Task.FromResult(Manifests.ContainsKey(digest));

    public Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) => Task.FromResult(Manifests.GetValueOrDefault(digest));

    public Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) => Task.FromResult(Blobs.ContainsKey(blob.Digest));

    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream(Blobs[blob.Digest]));

    public async Task<BlobPlacement> PutBlobAsync(Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken)
    {
        await using var source = await open(cancellationToken);
        using var copy = new MemoryStream();
        await source.CopyToAsync(copy, cancellationToken);
        var bytes = copy.ToArray();
        Assert.Equal(blob.Size, bytes.Length);
        Assert.Equal(blob.Digest, Digest.Of(bytes));
        return Blobs.TryAdd(blob.Digest, bytes) ? BlobPlacement.Uploaded : BlobPlacement.AlreadyThere;
    }

    public Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken)
    {
        if (!manifest.IsIndex)
            Assert.All(manifest.ReadManifest().Layers.Append(manifest.ReadManifest().Config), blob => Assert.Contains(blob.Digest, Blobs.Keys));
        Manifests[manifest.Descriptor.Digest] = manifest;
        return Task.CompletedTask;
    }

    public Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken) => throw new InvalidOperationException("Builders write no tags.");

    public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>?> ListFewTagsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) => throw new NotSupportedException();
}
