using Gantry.Oci;

namespace Gantry.Images.Sboms;

/// <summary>The options of <see cref="SbomGenerator"/>. All but the cache are inputs: the same ones give the same bytes.</summary>
public sealed record SbomOptions
{
    /// <summary>
    /// The name of the image in the SBOM, without a registry: <c>shop/api</c>. An image has the same SBOM in every registry.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The version of the image; null when it has none, and its digest is taken.</summary>
    public string? Version { get; init; }

    /// <summary>The time of the SBOM: that of the commit, so that it is the same for each run.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>
    /// The base image with its digest; null when it is not known, and the annotations of the image are taken, if it has them
    /// (<c>org.opencontainers.image.base.name</c> and <c>.digest</c>).
    /// </summary>
    public ImageReference? BaseImage { get; init; }

    /// <summary>
    /// A folder for what is known of layers, so that each is unpacked once: that of <see cref="OciImageBuilderOptions.CacheFolder"/>. It
    /// can be deleted at any time. Null disables the cache.
    /// </summary>
    public string? CacheFolder { get; init; }
}
