using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// One repository at a place that keeps images: behind the distribution API, in an OCI layout folder, or in memory for tests.
/// All implementations behave alike, so that promotion does not know where it reads and writes.
/// </summary>
/// <remarks>
/// Everything read is verified against its descriptor while it streams; a mismatch of digest or size is a <see cref="GantryException"/>.
/// Everything written is verified before it becomes visible. Implementations are safe for concurrent use.
/// </remarks>
public interface IImageRepository
{
    /// <summary>How a person names this repository: <c>contoso.azurecr.io/team/app</c>, <c>oci:artifacts/registries/dev/app</c>.</summary>
    string Location { get; }

    /// <summary>The descriptor of what a tag points to, or null when there is no such tag (or no such repository).</summary>
    Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken);

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

    /// <summary>
    /// Stores a blob; does nothing when it is there. <paramref name="open"/> is called once an attempt and must give the same
    /// bytes each time.
    /// </summary>
    Task PutBlobAsync(Descriptor blob, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken);

    /// <summary>Stores a manifest by its digest, without a tag. What it refers to must be there already.</summary>
    Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken);

    /// <summary>Lets a tag point to a manifest. The last step of everything that writes.</summary>
    Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken);

    /// <summary>All tags, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken);

    /// <summary>What refers to this manifest: signatures, SBOMs, attestations, release records (OCI 1.1 referrers).</summary>
    Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, CancellationToken cancellationToken);
}

/// <summary>Opens repositories. Connections, tokens and what is known of blobs are shared by everything opened from one source.</summary>
public interface IImageRepositories
{
    /// <summary>Opens a repository without asking anything of the place yet.</summary>
    /// <param name="address">The place.</param>
    /// <param name="repository">The name of the image, without the path of the address.</param>
    IImageRepository Open(RegistryAddress address, string repository);
}
