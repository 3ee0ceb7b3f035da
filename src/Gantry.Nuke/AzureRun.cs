using Gantry.Azure;
using Gantry.Azure.SignIn;
using Gantry.Environments;
using Gantry.Nuke.Parameters;
using Gantry.Oci;
using Serilog;

namespace Gantry.Nuke;

/// <summary>Azure, as this build speaks to it.</summary>
internal static class AzureRun
{
    /// <summary>Who is signed in, each identity once, told in one line of the log.</summary>
    public static AzureSession Session(INukeBuild build) =>
        build.Once(() => new AzureSession(new AzureSessionOptions { Notice = line => Log.Information("{Line:l}", line) }));

    /// <summary>
    /// As whom registries are spoken to, by their hosts: the base registry's identity, and over it those of the environment before and of
    /// the environment that is promoted to, for the registries of each.
    /// </summary>
    /// <param name="build">The build.</param>
    /// <param name="environment">The environment that is promoted to; null: none.</param>
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

    /// <summary>The ids of the resources that registries are, by their hosts, as far as parameters tell.</summary>
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
