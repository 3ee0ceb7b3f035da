using Gantry.Oci;

namespace Gantry.Images.BaseImages;

/// <summary>Maps Docker's media types of layers to the OCI media types of the same bytes: one manifest does not mix them.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#applicationvndociimagelayerv1targzip">
/// OCI image-spec 1.1.1, related media types
/// </seealso>
internal static class LayerMediaTypes
{
    public const string OciForeignLayerGzip = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";

    // Buildah and podman write it; no specification has it.
    private const string DockerLayerZstd = "application/vnd.docker.image.rootfs.diff.tar.zstd";

    /// <summary>Returns the OCI media type of a layer; other types are returned unchanged.</summary>
    public static string ToOci(string mediaType) => mediaType switch
    {
        MediaTypes.DockerLayerGzip => MediaTypes.OciLayerGzip,
        MediaTypes.DockerLayer => MediaTypes.OciLayer,
        DockerLayerZstd => MediaTypes.OciLayerZstd,
        MediaTypes.DockerForeignLayerGzip => OciForeignLayerGzip,
        _ => mediaType,
    };
}
