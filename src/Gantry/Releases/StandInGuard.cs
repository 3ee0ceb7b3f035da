using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>The stand-in base image is for one machine: folders and registries on it, and nothing else.</summary>
internal static class StandInGuard
{
    /// <summary><c>GAN4023</c> for a registry that is not on this machine.</summary>
    public static void EnsureNotStandIn(string image, RegistryAddress target)
    {
        if (target is HostAddress { IsLoopback: false })
            throw ReleaseErrors.StandInRefused(image, target.Describe(image));
    }
}
