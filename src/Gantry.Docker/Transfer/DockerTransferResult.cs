using Gantry.Oci;

namespace Gantry.Docker.Transfer;

/// <summary>The result of a transfer.</summary>
public sealed class DockerTransferResult
{
    internal DockerTransferResult(ImageReference target, Digest sourceDigest)
    {
        Target = target;
        SourceDigest = sourceDigest;
    }

    /// <summary>The image that is now at the target, with tag and digest.</summary>
    public ImageReference Target { get; }

    /// <summary>The digest of the image that was pulled.</summary>
    public Digest SourceDigest { get; }

    /// <summary>
    /// True when the image has the digest of the source. Otherwise it has the same files, compressed again: that is not a promotion of the
    /// source.
    /// </summary>
    public bool IsUnchanged => Target.Digest == SourceDigest;
}
