using Gantry.Environments;
using Gantry.Registries;

namespace Gantry.Nuke.Registries;

/// <summary>Opens registries for targets that only read: what has a digest never changes, and is kept in the folder of the user.</summary>
internal static class CachedRegistries
{
    /// <summary>Returns the client of the base registry, or of an environment, which may have an identity of its own.</summary>
    public static IRegistryClient Of(RegistrySettings registries, PromotionEnvironment? environment = null) =>
        (environment is null ? RegistryAccess.Of(registries) : RegistryAccess.Of(registries, environment)).Reading;
}
