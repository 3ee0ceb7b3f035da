using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>A repository in front of another one, which does everything that a derived class does not do itself.</summary>
/// <param name="inner">The other repository.</param>
internal abstract class ForwardingRepository(IImageRepository inner) : IImageRepository, IKeepsReferrers
{
    public string Location => inner.Location;

    public string Registry => inner.Registry;

    protected IImageRepository Inner => inner;

    public virtual Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) =>
        inner.FindTagAsync(tag, cancellationToken);

    public virtual Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) =>
        inner.FindManifestAsync(tag, cancellationToken);

    public Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        inner.HasManifestAsync(digest, cancellationToken);

    public virtual Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) =>
        inner.FindManifestAsync(digest, cancellationToken);

    public Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) => inner.HasBlobAsync(blob, cancellationToken);

    public virtual Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        inner.OpenBlobAsync(blob, cancellationToken);

    // Repositories mount from their own kind only.
    public Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken) =>
        inner.PutBlobAsync(blob, open, Unwrap(mountFrom), cancellationToken);

    public Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken) =>
        inner.PutManifestAsync(manifest, cancellationToken);

    public Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken) =>
        inner.PutTagAsync(tag, manifest, cancellationToken);

    public virtual Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => inner.ListTagsAsync(cancellationToken);

    public virtual Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
        inner.TryListTagsInOnePageAsync(cancellationToken);

    public virtual Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) =>
        inner.ListReferrersAsync(subject, knownTags, cancellationToken);

    public Task EnsureReferrersAreKeptAsync(Digest subject, bool isThere, CancellationToken cancellationToken) =>
        ImageRepositoryExtensions.EnsureReferrersAreKeptAsync(inner, subject, isThere, cancellationToken);

    public void EnsureReferrersWereListed() => (inner as IKeepsReferrers)?.EnsureReferrersWereListed();

    public Task CompleteAsync(CancellationToken cancellationToken) => inner.CompleteAsync(cancellationToken);

    private static IImageRepository? Unwrap(IImageRepository? repository) =>
        repository is ForwardingRepository front ? Unwrap(front.Inner) : repository;
}
