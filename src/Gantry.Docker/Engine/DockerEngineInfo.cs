using Gantry.Oci;

namespace Gantry.Docker.Engine;

/// <summary>Version and properties of a Docker engine.</summary>
public sealed class DockerEngineInfo
{
    internal DockerEngineInfo(string version, Platform platform, string storageDriver, bool hasContainerdImageStore)
    {
        Version = version;
        Platform = platform;
        StorageDriver = storageDriver;
        HasContainerdImageStore = hasContainerdImageStore;
    }

    /// <summary>The version of the engine: <c>28.2.2</c>.</summary>
    public string Version { get; }

    /// <summary>The platform of its containers unless another one is requested.</summary>
    public Platform Platform { get; }

    /// <summary>The storage driver for layers: <c>overlay2</c>, <c>overlayfs</c>, <c>vfs</c>, …</summary>
    public string StorageDriver { get; }

    /// <summary>
    /// True when the engine keeps images in containerd's store, compressed as they were pulled. Otherwise it unpacks layers and compresses
    /// them again for a push, which changes their digests.
    /// </summary>
    public bool HasContainerdImageStore { get; }
}
