using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>Restricts images on a stand-in base image to folders and registries on this machine.</summary>
internal static class StandInGuard
{
    /// <summary>Throws <c>GAN4023</c> for a registry that is not on this machine.</summary>
    public static void EnsureNotStandIn(string image, RegistryAddress target)
    {
        if (target is HostAddress { IsLoopback: false })
            throw ReleaseErrors.StandInRefused(image, target.Describe(image));
    }
}
