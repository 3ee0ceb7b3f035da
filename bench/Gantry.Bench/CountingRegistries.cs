using System.Collections.Concurrent;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Bench;

/// <summary>Counts what a read asks of registries in memory: each call is what would be one request.</summary>
/// <param name="inner">The registries.</param>
internal sealed class CountingRegistries(IRegistryClient inner) : IRegistryClient
{
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Gets the number of requests by registry.</summary>
    public IReadOnlyDictionary<string, int> Requests => _requests;

    /// <summary>Gets the bytes of manifests, blobs and lists, without headers.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public IImageRepository Open(RegistryAddress address, string repository) => new Repository(inner.Open(address, repository), this);

    private T Count<T>(string registry, T answer, Func<T, long> size)
    {
        _requests.AddOrUpdate(registry, 1, (_, count) => count + 1);
        Interlocked.Add(ref _bytes, size(answer));
        return answer;
    }

    // What a read does. It writes nothing.
    private sealed class Repository(IImageRepository inner, CountingRegistries counter) : IImageRepository
    {
        public string Location => inner.Location;

        public string Registry => inner.Registry;

        public async Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) =>
            counter.Count(Registry, await inner.FindTagAsync(tag, cancellationToken), _ => 0);

        public async Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) =>
            counter.Count(Registry, await inner.FindManifestAsync(tag, cancellationToken), SizeOf);

        public async Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) =>
            counter.Count(Registry, await inner.HasManifestAsync(digest, cancellationToken), _ => 0);

        public async Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) =>
            counter.Count(Registry, await inner.FindManifestAsync(digest, cancellationToken), SizeOf);

        public async Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
            counter.Count(Registry, await inner.HasBlobAsync(blob, cancellationToken), _ => 0);

        public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
            counter.Count(Registry, await inner.OpenBlobAsync(blob, cancellationToken), _ => blob.Size);

        public async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
            counter.Count(Registry, await inner.ListTagsAsync(cancellationToken), SizeOf);

        public async Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
            counter.Count(Registry, await inner.TryListTagsInOnePageAsync(cancellationToken), tags => SizeOf(tags ?? []));

        public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
            Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) =>
            counter.Count(
                Registry,
                await inner.ListReferrersAsync(subject, knownTags, cancellationToken),
                SizeOf);

        public Task<BlobPlacement> PutBlobAsync(
            Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom,
            CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private static long SizeOf(ManifestContent? manifest) => manifest?.Bytes.Length ?? 0;

        private static long SizeOf(IReadOnlyList<Descriptor> referrers) =>
            ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = referrers }).Bytes.Length;

        private static long SizeOf(IReadOnlyList<string> tags) => tags.Sum(tag => tag.Length + 3L);
    }
}
