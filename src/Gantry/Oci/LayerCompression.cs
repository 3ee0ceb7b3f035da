namespace Gantry.Oci;

/// <summary>The compression of the layers that a build creates.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md">OCI image-spec 1.1.1, image layer filesystem changeset</seealso>
public enum LayerCompression
{
    /// <summary>Gzip, which every engine, registry and host reads.</summary>
    Gzip,

    /// <summary>
    /// Zstandard: smaller, and unpacked several times faster. Needs containerd 1.5, Docker 23, podman or a newer engine where the image is
    /// pulled.
    /// </summary>
    Zstd,
}
