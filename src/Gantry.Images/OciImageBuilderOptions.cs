using Gantry.Oci;

namespace Gantry.Images;

/// <summary>The options of <see cref="OciImageBuilder"/>. Only the stand-in and pinned base images change what is built.</summary>
public sealed class OciImageBuilderOptions
{
    /// <summary>
    /// A folder for data that makes the next build faster (indexes of base layers, compressed content,
    /// the stand-in; at most about a GiB), such as one below the temporary folder of
    /// a build. It can be deleted at any time. Null disables the cache.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// True when a base image whose registry cannot be reached may be replaced by one that is assembled from this machine. Only for images
    /// that stay in folders on this machine.
    /// </summary>
    public bool AllowStandIn { get; init; }

    /// <summary>
    /// The base images whose digests are fixed, each with its tag and its digest: where a Dockerfile names that tag, the digest is used,
    /// whatever the tag points to by now. A digest in the Dockerfile takes precedence. A pinned base image is never replaced by a stand-in.
    /// </summary>
    public IReadOnlyList<ImageReference> PinnedBaseImages { get; init; } = [];
}
