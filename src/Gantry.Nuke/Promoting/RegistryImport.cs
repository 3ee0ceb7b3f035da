using Gantry.Azure.Registries;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Registries;

namespace Gantry.Nuke.Promoting;

/// <summary>The import of images by Azure registries.</summary>
internal static class RegistryImport
{
    /// <summary>Creates the import for a promotion to an environment.</summary>
    /// <param name="registries">The registries of the build.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="isRequired">True to fail when an image cannot be imported.</param>
    public static AcrImport Create(RegistrySettings registries, PromotionEnvironment environment, bool isRequired) =>
        new(AzureSessions.Of(registries.Build))
        {
            IsRequired = isRequired,
            IdentityOf = AzureRegistries.Identities(registries, environment).GetValueOrDefault,
            ResourceIdOf = AzureRegistries.ResourceIds(registries, environment).GetValueOrDefault,
        };
}
