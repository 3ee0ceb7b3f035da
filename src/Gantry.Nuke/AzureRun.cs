using Gantry.Azure;
using Gantry.Azure.SignIn;
using Gantry.Environments;
using Gantry.Nuke.Parameters;
using Gantry.Oci;
using Serilog;

namespace Gantry.Nuke;

/// <summary>The Azure session, identities and resource ids of a build.</summary>
internal static class AzureRun
{
    /// <summary>Returns the Azure session of the build. Each sign-in is logged once, in one line.</summary>
    public static AzureSession Session(INukeBuild build) =>
        build.Once(() => new AzureSession(new AzureSessionOptions { Notice = line => Log.Information("{Line:l}", line) }));

    /// <summary>
    /// Returns the identities for registries, by registry host. The identities of the promoted environment and of the environment before it
    /// take precedence over that of the base registry.
    /// </summary>
    /// <param name="build">The build.</param>
    /// <param name="environment">The environment to promote to, or null.</param>
    public static IReadOnlyDictionary<string, AzureIdentity> Identities(IHazRegistries build, PromotionEnvironment? environment)
    {
        var identities = new Dictionary<string, AzureIdentity>(StringComparer.OrdinalIgnoreCase);
        Add(null, [build.BaseRegistryAddress]);
        if (environment?.After is { } before)
            Add(before, build.RegistriesOf(before));
        if (environment is not null)
            Add(environment, build.RegistriesOf(environment));
        return identities;

        void Add(PromotionEnvironment? of, IEnumerable<RegistryAddress> registries)
        {
            if (AzureParameters.ReadIdentity(of, name => TextParameter.Find(name, build)) is not { } identity)
                return;
            foreach (var registry in registries.OfType<HostAddress>())
                identities[registry.Host] = identity;
        }
    }

    /// <summary>Returns the Azure resource ids of registries, by registry host, where parameters specify them.</summary>
    public static IReadOnlyDictionary<string, string> ResourceIds(IHazRegistries build, PromotionEnvironment environment)
    {
        var registries = environment.RegistryParameters.Zip(build.RegistriesOf(environment)).Append(("BaseRegistry", build.BaseRegistryAddress));
        var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (parameter, address) in registries)
        {
            if (address is HostAddress host && TextParameter.Find(AzureParameters.ResourceIdOf(parameter), build) is { } id)
                ids[host.Host] = id;
        }

        return ids;
    }
}
