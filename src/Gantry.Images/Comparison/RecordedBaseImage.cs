using Gantry.Oci;

namespace Gantry.Images.Comparison;

/// <summary>The base image that the image of one platform records.</summary>
/// <param name="Platform">The platform.</param>
/// <param name="Manifest">The manifest of the image of that platform.</param>
/// <param name="Kind">The kind of its base.</param>
/// <param name="Reference">The base image with its digest, and its tag if the Dockerfile named one; null unless it is recorded.</param>
public sealed record RecordedBaseImage(Platform Platform, Digest Manifest, RecordedBaseKind Kind, ImageReference? Reference);

/// <summary>The kinds of bases that images have.</summary>
public enum RecordedBaseKind
{
    /// <summary>A base image, by its name and its digest.</summary>
    Recorded,

    /// <summary>None: it was built from scratch, in process.</summary>
    Scratch,

    /// <summary>A stand-in, which was assembled from the machine that built the image.</summary>
    StandIn,

    /// <summary>It is not recorded.</summary>
    Unknown,
}
