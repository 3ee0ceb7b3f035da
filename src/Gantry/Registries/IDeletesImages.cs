using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// A repository that manifests can be deleted from. Blobs are left to the registry: it removes those that nothing uses any more when it
/// collects garbage.
/// </summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#content-management">
/// OCI distribution-spec 1.1.1, content management
/// </seealso>
public interface IDeletesImages
{
    /// <summary>True when the repository itself deletes the referrers of a manifest with it.</summary>
    bool DeletesReferrers { get; }

    /// <summary>True when a tag can be removed without the manifest that it points to.</summary>
    bool RemovesTags { get; }

    /// <summary>
    /// Deletes a manifest with all tags that point to it; returns false when there was none. Throws <c>GAN4710</c> when the registry offers
    /// no deletion, <c>GAN2003</c> when the credential does not allow it, <c>GAN4711</c> when it refuses to delete this manifest.
    /// </summary>
    /// <param name="digest">The manifest.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<bool> DeleteManifestAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Removes a tag, and not what it points to. Throws <see cref="NotSupportedException"/> when that is not offered.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task RemoveTagAsync(string tag, CancellationToken cancellationToken);

    /// <summary>
    /// Removes deleted referrers from the list that is kept under the fallback tag of a manifest; does nothing when the registry keeps the
    /// list itself.
    /// </summary>
    /// <param name="subject">The manifest that they referred to.</param>
    /// <param name="deleted">The deleted referrers.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task RemoveFromReferrersAsync(Digest subject, IReadOnlySet<Digest> deleted, CancellationToken cancellationToken);
}

/// <summary>A repository that lists all its manifests, those without a tag included.</summary>
public interface IListsManifests
{
    /// <summary>Lists all manifests in full.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<IReadOnlyList<StoredManifest>> ListManifestsAsync(CancellationToken cancellationToken);
}

/// <summary>A manifest as a repository lists it.</summary>
/// <param name="Digest">The digest.</param>
public sealed record StoredManifest(Digest Digest)
{
    /// <summary>The time at which it was written, or changed last; null when it is not known.</summary>
    public DateTimeOffset? Written { get; init; }

    /// <summary>True when the repository does not delete it until someone unlocks it.</summary>
    public bool IsLocked { get; init; }
}
