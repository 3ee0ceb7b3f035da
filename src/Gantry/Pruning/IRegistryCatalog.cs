using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Pruning;

/// <summary>What a registry offers for deletion beside the distribution API.</summary>
public interface IRegistryCatalog
{
    /// <summary>Returns true when it knows the API of a registry.</summary>
    /// <param name="address">The registry.</param>
    bool Knows(RegistryAddress address);

    /// <summary>Lists all manifests of a repository in full, those without a tag included, with their times and locks.</summary>
    /// <param name="address">The registry.</param>
    /// <param name="image">The name of the image, without the path of the address.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<IReadOnlyList<StoredManifest>> ListManifestsAsync(RegistryAddress address, string image, CancellationToken cancellationToken);

    /// <summary>Returns true when a manifest, or a tag of it, is locked against deletion.</summary>
    /// <param name="address">The registry.</param>
    /// <param name="image">The name of the image, without the path of the address.</param>
    /// <param name="digest">The manifest.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<bool> IsLockedAsync(
        RegistryAddress address, string image, Digest digest, IReadOnlyList<string> tags, CancellationToken cancellationToken);

    /// <summary>Removes a tag, and not what it points to.</summary>
    /// <param name="address">The registry.</param>
    /// <param name="image">The name of the image, without the path of the address.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task RemoveTagAsync(RegistryAddress address, string image, string tag, CancellationToken cancellationToken);

    /// <summary>Returns what a person should know of deletions there, as one sentence; null when there is nothing.</summary>
    /// <param name="address">The registry.</param>
    string? Explain(RegistryAddress address);
}
