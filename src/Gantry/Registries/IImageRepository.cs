using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// One repository of images: in a registry with the distribution API, in an OCI layout folder, in an archive, or in memory for tests. All
/// implementations behave alike, so a promotion works the same for all of them.
/// </summary>
/// <remarks>
/// Everything read is verified against its descriptor while it streams; a mismatch of digest or size is a <see cref="GantryException"/>.
/// Everything written is verified before it becomes visible. Implementations are safe for concurrent use.
/// </remarks>
public interface IImageRepository
{
    /// <summary>
    /// The name of this repository for people: <c>contoso.azurecr.io/team/app</c>, <c>oci:artifacts/registries/dev/app</c>,
    /// <c>oci-archive:app.tar</c>.
    /// </summary>
    string Location { get; }

    /// <summary>
    /// The registry of this repository: <c>contoso.azurecr.io</c>, <c>oci:artifacts/registries/dev</c>. Between repositories of equal
    /// registries blobs can be mounted instead of copied.
    /// </summary>
    string Registry { get; }

    /// <summary>Finds the descriptor that a tag points to; returns null when there is no such tag (or no such repository).</summary>
    Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the manifest that a tag points to, in one request; returns null when there is no such tag (or no such repository).
    /// </summary>
    Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken);

    /// <summary>Returns true when a manifest with this digest exists.</summary>
    Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Reads a manifest by its digest; returns null when it does not exist.</summary>
    Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Returns true when a blob exists.</summary>
    Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a blob. The stream ends with an error when the content does not match the descriptor; a reader must not use the content before
    /// it has seen the end. Throws <c>GAN2004</c> when the blob does not exist.
    /// </summary>
    Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken);

    /// <summary>Stores a blob; does nothing when it exists.</summary>
    /// <param name="blob">The descriptor of the blob.</param>
    /// <param name="open">Opens the content; called only when the bytes are needed, once per attempt. It must return the same bytes each
    /// time; the stream is disposed of here.</param>
    /// <param name="mountFrom">A repository that holds the blob, when one is known. If it is in the same registry, the blob is mounted from
    /// there; otherwise it is ignored. A refused mount falls back to upload.</param>
    /// <param name="cancellationToken">Cancels the operation; nothing becomes visible.</param>
    /// <remarks>
    /// Over the distribution API one request checks whether the blob exists, mounts it, or begins its upload: it is a mount from
    /// <paramref name="mountFrom"/>, or else from this repository itself. So a blob costs at most two write requests, and none to check it
    /// before.
    /// </remarks>
    /// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#mounting-a-blob-from-another-repository">
    /// OCI distribution-spec 1.1.1, mounting a blob
    /// </seealso>
    Task<BlobPlacement> PutBlobAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a manifest by its digest, without a tag. Everything it refers to must exist, except for its subject. A manifest with a
    /// subject is then found by <see cref="ListReferrersAsync"/>, with the fallback tag if the registry has no referrers API.
    /// </summary>
    Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken);

    /// <summary>
    /// Points a tag to a manifest, and stores the manifest if it does not exist yet, in one request. The last step of every write
    /// operation.
    /// </summary>
    Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken);

    /// <summary>Lists all tags, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Lists all tags when one request can return them all (an empty list for a repository that does not exist); returns null when there
    /// are more or the registry refuses to list them.
    /// </summary>
    Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken);

    /// <summary>Lists the referrers of this manifest: signatures, SBOMs, attestations, release records (OCI 1.1 referrers).</summary>
    /// <param name="subject">The manifest that is referred to; it need not exist.</param>
    /// <param name="knownTags">All tags of this repository, when the caller has just listed them: if the registry has no referrers API,
    /// this saves the request for a fallback tag that does not exist. Null when they are not known.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the written content visible in repositories that show nothing before it is complete (archives); does nothing in others. Called
    /// when everything has been written, tags included; never after a failure.
    /// </summary>
    Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The way in which a blob was stored.</summary>
public enum BlobPlacement
{
    /// <summary>It existed already.</summary>
    AlreadyThere,

    /// <summary>It was mounted from another repository of the same registry; no bytes were transferred.</summary>
    Mounted,

    /// <summary>Its bytes were uploaded.</summary>
    Uploaded,
}

/// <summary>Overloads of the methods of <see cref="IImageRepository"/> with fewer parameters.</summary>
public static class ImageRepositoryExtensions
{
    /// <inheritdoc cref="IImageRepository.PutBlobAsync"/>
    public static Task<BlobPlacement> PutBlobAsync(
        this IImageRepository repository, Descriptor blob, Func<CancellationToken, Task<Stream>> open,
        CancellationToken cancellationToken) =>
        repository.PutBlobAsync(blob, open, mountFrom: null, cancellationToken);

    /// <inheritdoc cref="IImageRepository.ListReferrersAsync"/>
    public static Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
        this IImageRepository repository, Digest subject, CancellationToken cancellationToken) =>
        repository.ListReferrersAsync(subject, knownTags: null, cancellationToken);

    /// <summary>
    /// Reads a blob into memory and verifies it; throws the errors of <see cref="IImageRepository.OpenBlobAsync"/>. Its size is to be
    /// compared with a limit before.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<byte[]> ReadBlobAsync(
        this IImageRepository repository, Descriptor blob, CancellationToken cancellationToken)
    {
        await using var stream = await repository.OpenBlobAsync(blob, cancellationToken);
        using var content = new MemoryStream((int)Math.Max(0, blob.Size));
        await stream.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }

    /// <inheritdoc cref="IKeepsReferrers.EnsureReferrersAreKeptAsync"/>
    internal static Task EnsureReferrersAreKeptAsync(
        this IImageRepository repository, Digest subject, bool isThere, CancellationToken cancellationToken) =>
        (repository as IKeepsReferrers)?.EnsureReferrersAreKeptAsync(subject, isThere, cancellationToken) ?? Task.CompletedTask;

    /// <summary>
    /// Finds the descriptor that a tag points to by reading the manifest, for decisions about writing: that is one request, too, and cannot
    /// be claimed only.
    /// </summary>
    internal static async Task<Descriptor?> ReadTagAsync(
        this IImageRepository repository, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return (await repository.FindManifestAsync(tag, cancellationToken))?.Descriptor;
        }
        catch (GantryException exception) when (exception.Kind == ErrorKind.Other)
        {
            // An unreadable manifest has a digest all the same, and can be replaced.
            return await repository.FindTagAsync(tag, cancellationToken);
        }
    }
}

/// <summary>Opens repositories. Everything that one instance opens shares connections, tokens and what is known of blobs.</summary>
public interface IRegistryClient
{
    /// <summary>Opens a repository without any request yet.</summary>
    /// <param name="address">The location.</param>
    /// <param name="repository">The name of the image, without the path of the address.</param>
    IImageRepository Open(RegistryAddress address, string repository);
}
