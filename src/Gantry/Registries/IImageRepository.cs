using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// One repository at a place that keeps images: behind the distribution API, in an OCI layout folder, in an archive, or in memory for tests.
/// All implementations behave alike, so that promotion does not know where it reads and writes.
/// </summary>
/// <remarks>
/// Everything read is verified against its descriptor while it streams; a mismatch of digest or size is a <see cref="GantryException"/>.
/// Everything written is verified before it becomes visible. Implementations are safe for concurrent use.
/// </remarks>
public interface IImageRepository
{
    /// <summary>How a person names this repository: <c>contoso.azurecr.io/team/app</c>, <c>oci:artifacts/registries/dev/app</c>,
    /// <c>oci-archive:app.tar</c>.</summary>
    string Location { get; }

    /// <summary>
    /// The registry that this repository is part of: <c>contoso.azurecr.io</c>, <c>oci:artifacts/registries/dev</c>. Between
    /// repositories of equal registries blobs can be mounted instead of moved.
    /// </summary>
    string Registry { get; }

    /// <summary>The descriptor of what a tag points to, or null when there is no such tag (or no such repository).</summary>
    Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken);

    /// <summary>Reads what a tag points to, in one request; null when there is no such tag (or no such repository).</summary>
    Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken);

    /// <summary>Whether a manifest with this digest is there.</summary>
    Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Reads a manifest by its digest; null when it is not there.</summary>
    Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Whether a blob is there.</summary>
    Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a blob. The stream ends with an error when the content is not what the descriptor says; no reader may act on the
    /// content before it has seen the end. A blob that is not there is <c>GAN2004</c>.
    /// </summary>
    Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>Stores a blob; does nothing when it is there.</summary>
    /// <param name="blob">What the blob is.</param>
    /// <param name="open">
    /// Called only when the bytes are needed, once an attempt; must give the same bytes each time. The stream given is disposed of here.
    /// </param>
    /// <param name="mountFrom">
    /// A repository that holds the blob, when one is known. Of the same registry, the blob is mounted from there; of any other, this
    /// says nothing. A refused mount falls back to upload.
    /// </param>
    /// <param name="cancellationToken">Stops it; nothing becomes visible.</param>
    /// <remarks>
    /// Over the distribution API one request finds out whether the blob is there, mounts it, or begins its upload: a mount, from
    /// <paramref name="mountFrom"/> or else from this very repository. So a blob costs at most two writes and no question before.
    /// </remarks>
    /// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#mounting-a-blob-from-another-repository">OCI distribution-spec 1.1.1, mounting a blob</seealso>
    Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a manifest by its digest, without a tag. What it refers to must be there already, but its subject need not be. A
    /// manifest with a subject is found by <see cref="ListReferrersAsync"/> from then on, with the fallback tag where the registry
    /// has no referrers API.
    /// </summary>
    Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a tag point to a manifest, and stores the manifest with it when it is not there yet, in one request. The last step of
    /// everything that writes.
    /// </summary>
    Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken);

    /// <summary>All tags, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All tags when one request can tell them (an empty list for a repository that does not exist), or null when there are more
    /// or the registry does not tell.
    /// </summary>
    Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken);

    /// <summary>What refers to this manifest: signatures, SBOMs, attestations, release records (OCI 1.1 referrers).</summary>
    /// <param name="subject">The manifest that is referred to; it need not be there.</param>
    /// <param name="knownTags">
    /// All tags of this repository, when the caller has just listed them: where the registry has no referrers API, that spares
    /// the request for a fallback tag that does not exist. Null when they are not known.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken);

    /// <summary>
    /// Makes visible what was written, at places that show nothing before the whole is there (archives); elsewhere there is nothing left
    /// to do. Called when everything has been written, tags included; never after a failure.
    /// </summary>
    Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>How a blob came to be where it was asked for.</summary>
public enum BlobPlacement
{
    /// <summary>It was there.</summary>
    AlreadyThere,

    /// <summary>It was taken from another repository of the same registry; no bytes went over the network.</summary>
    Mounted,

    /// <summary>Its bytes were written.</summary>
    Uploaded,
}

/// <summary>The short forms of what <see cref="IImageRepository"/> can do.</summary>
public static class ImageRepositoryExtensions
{
    /// <inheritdoc cref="IImageRepository.PutBlobAsync"/>
    public static Task<BlobPlacement> PutBlobAsync(
        this IImageRepository repository, Descriptor blob, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken) =>
        repository.PutBlobAsync(blob, open, mountFrom: null, cancellationToken);

    /// <inheritdoc cref="IImageRepository.ListReferrersAsync"/>
    public static Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        this IImageRepository repository, Digest subject, CancellationToken cancellationToken) =>
        repository.ListReferrersAsync(subject, knownTags: null, cancellationToken);
}

/// <summary>Opens repositories. Connections, tokens and what is known of blobs are shared by everything opened from one source.</summary>
public interface IRegistryClient
{
    /// <summary>Opens a repository without asking anything of the place yet.</summary>
    /// <param name="address">The place.</param>
    /// <param name="repository">The name of the image, without the path of the address.</param>
    IImageRepository Open(RegistryAddress address, string repository);
}
