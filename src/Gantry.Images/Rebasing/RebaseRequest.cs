using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Rebasing;

/// <summary>An image of a release whose base layers are to be exchanged.</summary>
/// <param name="Name">The name of the image.</param>
/// <param name="Repository">The repository that holds it: that of the base registry.</param>
/// <param name="Digest">The digest of its manifest or index.</param>
public sealed record RebaseRequest(string Name, IImageRepository Repository, Digest Digest);

/// <summary>The options of <see cref="ImageRebaser"/>.</summary>
public sealed record RebaseOptions
{
    /// <summary>
    /// The new base images whose digests are fixed, each with its tag: where an image was built on that tag, the digest is taken, whatever
    /// the tag points to by now.
    /// </summary>
    public IReadOnlyList<ImageReference> PinnedBaseImages { get; init; } = [];

    /// <summary>
    /// The hosts of the registries that may be asked for base images: those that the Dockerfiles of the declaration name. Null asks every
    /// registry that an image records.
    /// </summary>
    public IReadOnlyCollection<string>? Registries { get; init; }

    /// <summary>The folder of <see cref="OciImageBuilderOptions.CacheFolder"/>; null disables the cache.</summary>
    public string? CacheFolder { get; init; }
}
