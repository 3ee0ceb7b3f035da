using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>An image that was built.</summary>
/// <param name="root">The manifest or index of the image.</param>
/// <param name="platforms">The platforms that the image runs on.</param>
/// <param name="baseImage">The base image with its digest; null for <c>scratch</c> or when it is unknown.</param>
/// <param name="standIn">True when the base image is the stand-in that was assembled from this machine: not for real registries.</param>
public sealed class BuiltImage(ManifestContent root, IReadOnlyList<Platform> platforms, ImageReference? baseImage, bool standIn)
{
    /// <summary>The manifest or index of the image.</summary>
    public ManifestContent Root => root;

    /// <summary>The platforms that the image runs on.</summary>
    public IReadOnlyList<Platform> Platforms => platforms;

    /// <summary>The base image with its digest; null for <c>scratch</c> or when it is unknown.</summary>
    public ImageReference? BaseImage => baseImage;

    /// <summary>The base images of all platforms, each once: one, unless the platforms have different ones.</summary>
    public IReadOnlyList<ImageReference> BaseImages { get; init; } = baseImage is null ? [] : [baseImage];

    /// <summary>True when the base image is the stand-in that was assembled from this machine: not for real registries.</summary>
    public bool StandIn => standIn;
}
