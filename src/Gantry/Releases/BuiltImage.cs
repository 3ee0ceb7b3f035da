using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>An image that was built.</summary>
/// <param name="Root">The manifest or index of the image.</param>
/// <param name="Platforms">The platforms that the image runs on.</param>
/// <param name="BaseImage">The base image with its digest; null for <c>scratch</c> or when it is unknown.</param>
/// <param name="StandIn">True when the base image is the stand-in that was assembled from this machine: not for real registries.</param>
public sealed record BuiltImage(ManifestContent Root, IReadOnlyList<Platform> Platforms, ImageReference? BaseImage, bool StandIn);
