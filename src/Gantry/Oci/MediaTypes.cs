namespace Gantry.Oci;

/// <summary>The media types that this library knows by name. All others are copied unchanged.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md">OCI image-spec 1.1.1, media types</seealso>
public static class MediaTypes
{
    /// <summary>OCI image index: several platforms.</summary>
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>OCI image manifest: one platform, or any artifact.</summary>
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>OCI image configuration.</summary>
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>OCI layer, tar compressed with gzip.</summary>
    public const string OciLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>OCI layer, tar compressed with zstd.</summary>
    public const string OciLayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// <summary>OCI layer, plain tar.</summary>
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>The empty JSON object <c>{}</c>, used where a descriptor is required and there is no content.</summary>
    public const string OciEmpty = "application/vnd.oci.empty.v1+json";

    /// <summary>Docker manifest list (schema 2): several platforms.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Docker image manifest (schema 2).</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker image configuration.</summary>
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>Docker layer, tar compressed with gzip.</summary>
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>Docker layer, plain tar.</summary>
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    /// <summary>Docker layer that is non-distributable, gzip.</summary>
    public const string DockerForeignLayerGzip = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";

    /// <summary>OCI artifact manifest, which release candidates of image-spec 1.1 defined and signatures of that time still use.</summary>
    public const string OciArtifact = "application/vnd.oci.artifact.manifest.v1+json";

    /// <summary>The manifest types for the <c>Accept</c> header, indexes first.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [OciIndex, DockerManifestList, OciManifest, DockerManifest, OciArtifact];

    /// <summary>Returns true when the type is an index of manifests (OCI index or Docker manifest list).</summary>
    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerManifestList;

    /// <summary>Returns true when the type is a manifest of one image or artifact.</summary>
    public static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest or OciArtifact;

    /// <summary>
    /// Returns true when the type is a non-distributable (foreign) layer, which stays at its own address and is not copied.
    /// </summary>
    public static bool IsNonDistributable(string mediaType) =>
        mediaType.StartsWith("application/vnd.docker.image.rootfs.foreign.", StringComparison.Ordinal)
        || mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.", StringComparison.Ordinal);
}
