using Gantry.Azure.Registries;
using Gantry.Azure.SignIn;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Oci;

namespace Gantry.Nuke.Registries;

/// <summary>The identities, resource ids and imports of Azure registries, as the parameters of a build specify them.</summary>
internal static class AzureRegistries
{
    /// <summary>
    /// Returns the identities for registries, by registry host. The identities of the promoted environment and of the environment before it
    /// take precedence over that of the base registry.
    /// </summary>
    /// <param name="registries">The registries of the build.</param>
    /// <param name="environment">The environment to promote to, or null.</param>
    public static IReadOnlyDictionary<string, AzureIdentity> Identities(RegistrySettings registries, PromotionEnvironment? environment)
    {
        var identities = new Dictionary<string, AzureIdentity>(StringComparer.OrdinalIgnoreCase);
        Add(null, [registries.Base]);
        if (environment?.After is { } before)
            Add(before, registries.Of(before));
        if (environment is not null)
            Add(environment, registries.Of(environment));
        return identities;

        void Add(PromotionEnvironment? of, IEnumerable<RegistryAddress> addresses)
        {
            if (AzureParameters.ReadIdentity(of, registries.Find) is not { } identity)
                return;
            foreach (var address in addresses.OfType<HostAddress>())
                identities[address.Host] = identity;
        }
    }

    /// <summary>Returns the Azure resource ids of registries, by registry host, where parameters specify them.</summary>
    public static IReadOnlyDictionary<string, string> ResourceIds(RegistrySettings registries, PromotionEnvironment environment)
    {
        var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (parameter, address) in
            environment.RegistryParameters.Zip(registries.Of(environment)).Append(("BaseRegistry", registries.Base)))
        {
            if (address is HostAddress host && registries.Find(AzureParameters.ResourceIdOf(parameter)) is { } id)
                ids[host.Host] = id;
        }

        return ids;
    }

    /// <summary>Creates the import of images for a promotion to an environment.</summary>
    /// <param name="registries">The registries of the build.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="isRequired">True to fail when an image cannot be imported.</param>
    public static AcrImport CreateImport(RegistrySettings registries, PromotionEnvironment environment, bool isRequired) =>
        new(AzureSessions.Of(registries.Build))
        {
            IsRequired = isRequired,
            IdentityOf = Identities(registries, environment).GetValueOrDefault,
            ResourceIdOf = ResourceIds(registries, environment).GetValueOrDefault,
        };
}
