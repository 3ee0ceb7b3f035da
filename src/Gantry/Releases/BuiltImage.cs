using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>An image that was built.</summary>
/// <param name="Root">The manifest or index that stands for the image.</param>
/// <param name="Platforms">What it runs on.</param>
/// <param name="BaseImage">The base image with its digest, or null for <c>scratch</c> or when the builder cannot tell.</param>
/// <param name="StandIn">Whether the base image is the stand-in that was assembled from this machine: not for real registries.</param>
public sealed record BuiltImage(ManifestContent Root, IReadOnlyList<Platform> Platforms, ImageReference? BaseImage, bool StandIn);
