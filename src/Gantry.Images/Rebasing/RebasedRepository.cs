using Gantry.Images.BaseImages;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Rebasing;

/// <summary>
/// A repository to read a rebased image from: its own layers from the repository of the image that it was made from, the base layers from
/// that of the new base image, and what is new from memory.
/// </summary>
/// <param name="origin">The repository of the image that it was made from.</param>
internal sealed class RebasedRepository(IImageRepository origin) : IImageRepository
{
    private readonly Dictionary<Digest, ManifestContent> _manifests = [];
    private readonly Dictionary<Digest, Func<CancellationToken, Task<Stream>>> _blobs = [];

    /// <inheritdoc/>
    public string Location => $"{origin.Location} (rebased)";

    /// <inheritdoc/>
    public string Registry => $"{origin.Registry} (rebased)";

    /// <summary>Adds a manifest.</summary>
    public void Add(ManifestContent manifest) => _manifests[manifest.Descriptor.Digest] = manifest;

    /// <summary>Adds a blob.</summary>
    public void Add(Descriptor blob, byte[] content) =>
        _blobs[blob.Digest] = _ => Task.FromResult<Stream>(new MemoryStream(content, writable: false));

    /// <summary>Adds a layer of the base image.</summary>
    public void Add(BaseLayer layer) => _blobs[layer.Blob.Digest] = layer.Open;

    /// <inheritdoc/>
    public Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) => Task.FromResult<Descriptor?>(null);

    /// <inheritdoc/>
    public Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) =>
        Task.FromResult<ManifestContent?>(null);

    /// <inheritdoc/>
    public Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        Task.FromResult(_manifests.ContainsKey(digest));

    /// <inheritdoc/>
    public Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        Task.FromResult(_manifests.GetValueOrDefault(digest));

    /// <inheritdoc/>
    public Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        _blobs.ContainsKey(blob.Digest) ? Task.FromResult(true) : origin.HasBlobAsync(blob, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        _blobs.TryGetValue(blob.Digest, out var open) ? open(cancellationToken) : origin.OpenBlobAsync(blob, cancellationToken);

    /// <inheritdoc/>
    public Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken) =>
        throw ReadOnly();

    /// <inheritdoc/>
    public Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>?>([]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Descriptor>>([]);

    private static NotSupportedException ReadOnly() => new("A rebased image is written to the repository that it is published to.");
}
