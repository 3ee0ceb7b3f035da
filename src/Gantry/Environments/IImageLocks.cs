using Gantry.Oci;

namespace Gantry.Environments;

/// <summary>What of a promoted image is locked: neither changed nor deleted by anybody until it is unlocked.</summary>
public enum ImageLock
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The tag, so that it points to this image for good.</summary>
    Tag,

    /// <summary>The tag and the manifest (or index) that it points to, so that the image stays as well.</summary>
    TagAndManifest,
}

/// <summary>Locks what is in registries, where they can.</summary>
public interface IImageLocks
{
    /// <summary>What is locked.</summary>
    /// <param name="at">The registry.</param>
    /// <param name="image">The name of the image, without the path of the address.</param>
    /// <param name="tag">The tag; it need not exist.</param>
    /// <param name="digest">The manifest; it need not be there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null when this place has no locks.</returns>
    Task<LockState?> FindAsync(RegistryAddress at, string image, string tag, Digest digest, CancellationToken cancellationToken);

    /// <summary>Locks; does nothing to what is locked.</summary>
    Task LockAsync(RegistryAddress at, string image, string tag, Digest digest, ImageLock what, CancellationToken cancellationToken);

    /// <summary>Unlocks a tag, so that it can be moved.</summary>
    Task UnlockTagAsync(RegistryAddress at, string image, string tag, CancellationToken cancellationToken);
}

/// <summary>What of an image is locked.</summary>
/// <param name="Tag">Whether the tag is, against moving and deleting.</param>
/// <param name="Manifest">Whether the manifest is.</param>
public sealed record LockState(bool Tag, bool Manifest)
{
    /// <summary>Whether the tag cannot be moved, whether or not it can be deleted.</summary>
    public bool IsTagFixed { get; init; } = Tag;

    /// <summary>Whether everything is locked that should be.</summary>
    public bool Holds(ImageLock wanted) => wanted switch
    {
        ImageLock.None => true,
        ImageLock.Tag => Tag,
        _ => Tag && Manifest,
    };
}

/// <summary>What a plan does to locks.</summary>
public sealed record PlannedLock
{
    /// <summary>Nothing is locked or unlocked.</summary>
    public static PlannedLock None { get; } = new();

    /// <summary>What the environment wants to be locked.</summary>
    public ImageLock Wanted { get; init; }

    /// <summary>Whether it is not yet.</summary>
    public bool Locks { get; init; }

    /// <summary>Whether the tag is unlocked first, because it is moved and that was asked for.</summary>
    public bool Unlocks { get; init; }

    /// <summary>Whether the environment wants a lock and this place has none: it is a folder.</summary>
    public bool IsUnsupported { get; init; }
}
