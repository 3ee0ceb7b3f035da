using Gantry.Oci;

namespace Gantry.Images.BaseImages;

/// <summary>Docker's names for layers and the OCI names for the same bytes: one manifest does not mix them.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md#applicationvndociimagelayerv1targzip">OCI image-spec 1.1.1, related media types</seealso>
internal static class LayerMediaTypes
{
    public const string OciForeignLayerGzip = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";

    /// <summary>The OCI media type of a layer; types that have no other name are returned as they are.</summary>
    public static string ToOci(string mediaType) => mediaType switch
    {
        MediaTypes.DockerLayerGzip => MediaTypes.OciLayerGzip,
        MediaTypes.DockerLayer => MediaTypes.OciLayer,
        MediaTypes.DockerForeignLayerGzip => OciForeignLayerGzip,
        _ => mediaType,
    };
}
