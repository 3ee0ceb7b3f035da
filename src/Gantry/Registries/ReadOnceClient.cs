using System.Collections.Concurrent;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// Opens repositories for one read of something that is in many places: each question to a registry is asked once, and its answer holds
/// until the end of that read. For a moment only: what another run writes meanwhile is not seen, and nothing is written through it.
/// </summary>
/// <param name="client">The client that opens registries.</param>
internal sealed class ReadOnceClient(IRegistryClient client) : IRegistryClient
{
    private readonly ConcurrentDictionary<string, ReadOnceRepository> _repositories = new(StringComparer.Ordinal);
    private readonly Memory _memory = new();

    /// <summary>Returns the client for a read that may be a part of another one.</summary>
    public static ReadOnceClient Of(IRegistryClient client) => client as ReadOnceClient ?? new ReadOnceClient(client);

    public IImageRepository Open(RegistryAddress address, string repository)
    {
        var opened = client.Open(address, repository);
        return _repositories.GetOrAdd(opened.Location, _ => new ReadOnceRepository(opened, _memory));
    }

    /// <summary>The contents that are remembered, whose bytes are bounded: anyone may have put something beside an image.</summary>
    private sealed class Memory
    {
        private long _bytes;

        public bool IsFull => Interlocked.Read(ref _bytes) > Limits.RememberedBytes;

        public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
    }

    private sealed class ReadOnceRepository(IImageRepository inner, Memory memory) : ForwardingRepository(inner)
    {
        // There may be tens of thousands of repositories, and of most only one question is asked.
        private SharedAnswers<string, Descriptor?> Tags => LazyInitializer.EnsureInitialized(ref field!);

        private SharedAnswers<string, ManifestContent?> Tagged => LazyInitializer.EnsureInitialized(ref field!);

        private SharedAnswers<Digest, ManifestContent?> Manifests => LazyInitializer.EnsureInitialized(ref field!);

        private SharedAnswers<(Digest Digest, long Size), byte[]> Blobs => LazyInitializer.EnsureInitialized(ref field!);

        private SharedAnswers<bool, IReadOnlyList<string>?> Lists => LazyInitializer.EnsureInitialized(ref field!);

        private SharedAnswers<(Digest Subject, bool WithTags), IReadOnlyList<Descriptor>> Referrers =>
            LazyInitializer.EnsureInitialized(ref field!);

        public override Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) =>
            Tags.GetAsync(tag, () => Inner.FindTagAsync(tag, cancellationToken));

        public override Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) => memory.IsFull
            ? Inner.FindManifestAsync(tag, cancellationToken)
            : Tagged.GetAsync(tag, () => RememberAsync(Inner.FindManifestAsync(tag, cancellationToken)));

        public override Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) => memory.IsFull
            ? Inner.FindManifestAsync(digest, cancellationToken)
            : Manifests.GetAsync(digest, () => RememberAsync(Inner.FindManifestAsync(digest, cancellationToken)));

        public override async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
        {
            if (blob.Size is < 0 or > Limits.CachedContentBytes || memory.IsFull)
                return await Inner.OpenBlobAsync(blob, cancellationToken);
            var content = await Blobs.GetAsync((blob.Digest, blob.Size), () =>
            {
                memory.Add(blob.Size);
                return Inner.ReadBlobAsync(blob, cancellationToken);
            });
            return new MemoryStream(content, writable: false);
        }

        public override async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
            (await Lists.GetAsync(true, async () => await Inner.ListTagsAsync(cancellationToken)))!;

        // All tags are more than those of one page.
        public override async Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
            Lists.TryFind(true, out var all)
                ? await all
                : await Lists.GetAsync(false, () => Inner.TryListTagsInOnePageAsync(cancellationToken));

        // What was found with the tags is found without them. Where nothing was, the list of tags may have left out a fallback tag.
        public override async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
            Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) =>
            knownTags is null && Referrers.TryFind((subject, WithTags: true), out var known) && await known is { Count: > 0 } found
                ? found
                : await Referrers.GetAsync(
                    (subject, knownTags is not null), () => Inner.ListReferrersAsync(subject, knownTags, cancellationToken));

        private async Task<ManifestContent?> RememberAsync(Task<ManifestContent?> reading)
        {
            var manifest = await reading;
            memory.Add(manifest?.Bytes.Length ?? 0);
            return manifest;
        }
    }
}
