using Gantry.Oci;

namespace Gantry.Azure.Registries;

/// <summary>GAN9020 to GAN9024, GAN4717, GAN4718: features of Azure Container Registry outside of the distribution API.</summary>
internal static class AcrErrors
{
    public static GantryException CannotImport(RegistryAddress from, RegistryAddress to, string reason) =>
        new(
            "GAN9020",
            $"{to} cannot import from {from}: {reason}",
            "let the promotion copy the images: always, or if they cannot be imported")
        {
            Actions = [RemedyAction.CopyThroughThisMachine],
        };

    public static GantryException UnknownResource(string host) =>
        new(
            "GAN9021",
            $"the identity sees no Azure resource for the registry {host}",
            "give it the role Reader on the registry, or set its resource id")
        {
            Actions = [RemedyAction.NameRegistryResource],
        };

    public static GantryException NoLockApi(string location, string reason) =>
        new(
            "GAN9022",
            $"{location} does not report its locks ({reason})",
            "check that the address is that of an Azure Container Registry, or declare no lock for the environment");

    public static GantryException NotLocked(string location, string what) =>
        new(
            "GAN9023",
            $"{location} accepted the lock of {what}, but reports that it is not locked",
            "look at it with 'az acr repository show', and run it again");

    public static GantryException LockRefused(string location, string what, string reason) =>
        new(
            "GAN9024",
            $"{location} refuses to change the lock of {what}: {reason}",
            "give the identity the role 'Container Registry Repository Writer' (AcrPush is not enough), or Contributor where the registry "
                + "does not use repository permissions");

    public static GantryException NoList(string location, string reason) =>
        new(
            "GAN4717",
            $"{location} does not list what it has, and what is locked ({reason})",
            "give the identity the right to read metadata (AcrPull, or Container Registry Repository Reader), and check the address");

    public static GantryException TagNotRemoved(string location, string tag, string reason) =>
        new(
            "GAN4718",
            $"{location} refuses to remove the tag '{tag}': {reason}",
            "give the identity the role AcrDelete, or unlock the tag");
}
