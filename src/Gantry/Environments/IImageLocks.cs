using Gantry.Oci;

namespace Gantry.Environments;

/// <summary>The parts of a promoted image that are locked: they can be neither changed nor deleted until they are unlocked.</summary>
public enum ImageLock
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The tag, so that it always points to this image.</summary>
    Tag,

    /// <summary>The tag and the manifest (or index) that it points to, so that the image is kept as well.</summary>
    TagAndManifest,
}

/// <summary>Locks images in registries that support it.</summary>
public interface IImageLocks
{
    /// <summary>Reads what is locked.</summary>
    /// <param name="at">The registry.</param>
    /// <param name="image">The name of the image, without the path of the address.</param>
    /// <param name="tag">The tag; it need not exist.</param>
    /// <param name="digest">The manifest; it need not exist.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The state, or null when this registry has no locks.</returns>
    Task<LockState?> FindAsync(RegistryAddress at, string image, string tag, Digest digest, CancellationToken cancellationToken);

    /// <summary>Locks; does nothing when it is locked already.</summary>
    Task LockAsync(RegistryAddress at, string image, string tag, Digest digest, ImageLock what, CancellationToken cancellationToken);

    /// <summary>Unlocks a tag, so that it can be moved.</summary>
    Task UnlockTagAsync(RegistryAddress at, string image, string tag, CancellationToken cancellationToken);
}

/// <summary>The parts of an image that are locked.</summary>
/// <param name="tag">True when the tag is locked against moving and deleting.</param>
/// <param name="manifest">True when the manifest is locked.</param>
public sealed class LockState(bool tag, bool manifest)
{
    /// <summary>True when the tag is locked against moving and deleting.</summary>
    public bool Tag { get; } = tag;

    /// <summary>True when the manifest is locked.</summary>
    public bool Manifest { get; } = manifest;

    /// <summary>True when the tag cannot be moved, whether or not it can be deleted.</summary>
    public bool IsTagFixed { get; init; } = tag;

    /// <summary>Returns true when everything is locked that should be.</summary>
    public bool Holds(ImageLock wanted) => wanted switch
    {
        ImageLock.None => true,
        ImageLock.Tag => Tag,
        _ => Tag && Manifest,
    };
}
