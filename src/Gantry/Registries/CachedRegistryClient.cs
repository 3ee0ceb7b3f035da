using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// Opens repositories whose manifests and small blobs are read from a cache when it has them: what has a digest never changes. Everything
/// else is asked of the registry: tags, lists, whether something exists. Writes go to the registry.
/// </summary>
/// <remarks>
/// For what is shown to people, and not for promotions: a manifest that a registry still lists and no longer has is found all the same.
/// A content counts for the repository that it was read from, and for no other. Folders and archives need no cache.
/// </remarks>
/// <param name="client">The client that opens registries.</param>
/// <param name="cache">The cache.</param>
public sealed class CachedRegistryClient(IRegistryClient client, ContentCache cache) : IRegistryClient
{
    /// <summary>
    /// Returns a client that keeps contents in the folder of the user (<see cref="ContentCache.UserFolder"/>); the client itself for a user
    /// without a profile.
    /// </summary>
    /// <param name="client">The client that opens registries.</param>
    public static IRegistryClient OfUser(IRegistryClient client) =>
        ContentCache.OfUser is { } cache ? new CachedRegistryClient(client, cache) : client;

    /// <inheritdoc/>
    public IImageRepository Open(RegistryAddress address, string repository)
    {
        var opened = client.Open(address, repository);
        return address is HostAddress ? new CachedRepository(opened, cache) : opened;
    }

    private sealed class CachedRepository(IImageRepository inner, ContentCache cache) : ForwardingRepository(inner)
    {
        public override async Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken)
        {
            if (await cache.FindAsync(CachedKind.Manifest, Location, digest, cancellationToken) is { } content
                && Read(content, digest) is { } cached)
                return cached;
            var manifest = await Inner.FindManifestAsync(digest, cancellationToken);

            // The digest is not of the type that a registry names: only a document that names its own can be read without the registry.
            if (manifest is not null && TypeOf(manifest.Bytes, digest) == manifest.Descriptor.MediaType)
                await cache.PutAsync(CachedKind.Manifest, Location, digest, manifest.Bytes, cancellationToken);
            return manifest;
        }

        public override async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
        {
            if (blob.Size is < 0 or > Limits.CachedContentBytes)
                return await Inner.OpenBlobAsync(blob, cancellationToken);

            // One of another size is an error, which the registry's own answer shows.
            if (await cache.FindAsync(CachedKind.Blob, Location, blob.Digest, cancellationToken) is { } cached
                && cached.Length == blob.Size)
                return new MemoryStream(cached, writable: false);
            var content = await Inner.ReadBlobAsync(blob, cancellationToken);
            await cache.PutAsync(CachedKind.Blob, Location, blob.Digest, content, cancellationToken);
            return new MemoryStream(content, writable: false);
        }

        private static ManifestContent? Read(byte[] content, Digest digest) =>
            TypeOf(content, digest) is { } mediaType ? ManifestContent.FromVerified(mediaType, digest, content) : null;

        private static string? TypeOf(ReadOnlyMemory<byte> content, Digest digest)
        {
            try
            {
                var own = ManifestInspector.OwnMediaTypeOf(content.Span, digest.ToString());
                return own is null ? null : ManifestInspector.MediaTypeOf(content.Span, own, digest.ToString());
            }
            catch (GantryException)
            {
                // Reported when it is read from the registry.
                return null;
            }
        }
    }
}
