using Gantry.Azure.SignIn;
using Gantry.Environments;

namespace Gantry.Nuke;

/// <summary>
/// What is said of Azure for each environment and for the base registry, in parameters: <c>--prod-azure-client-id</c>,
/// <c>--prod-registry-id</c>. A parameter wins over what the environment declares.
/// </summary>
internal static class AzureParameters
{
    private const string Client = "AzureClientId";
    private const string Tenant = "AzureTenantId";
    private const string Connection = "AzureServiceConnectionId";
    private const string Cloud = "AzureCloud";

    /// <summary>The name of the base registry's parameters, without their ends.</summary>
    public const string Base = "Base";

    /// <summary>The parameters of the base registry and of these environments.</summary>
    public static IEnumerable<string> Names(IEnumerable<PromotionEnvironment> environments)
    {
        foreach (var (prefix, registries) in environments.Select(environment => (environment.Identifier, environment.RegistryParameters)).Prepend((Base, ["BaseRegistry"])))
        {
            foreach (var end in (string[])[Client, Tenant, Connection, Cloud])
                yield return prefix + end;
            foreach (var registry in registries)
                yield return ResourceIdOf(registry);
        }
    }

    /// <summary>The parameter with the id of the resource that a registry is: <c>ProdRegistryId</c> for <c>ProdRegistry</c>.</summary>
    public static string ResourceIdOf(string registryParameter) => registryParameter + "Id";

    /// <summary>As whom an environment is spoken to; null: as whoever is signed in. <c>GAN9009</c>, <c>GAN9010</c> for what cannot be.</summary>
    /// <param name="environment">The environment; null: the base registry.</param>
    /// <param name="find">Gives the value of a parameter.</param>
    public static AzureIdentity? ReadIdentity(PromotionEnvironment? environment, Func<string, string?> find)
    {
        var prefix = environment?.Identifier ?? Base;
        var declared = environment?.Identity as AzureIdentity ?? new AzureIdentity();
        var identity = new AzureIdentity
        {
            ClientId = find(prefix + Client) ?? declared.ClientId,
            TenantId = find(prefix + Tenant) ?? declared.TenantId,
            ServiceConnectionId = find(prefix + Connection) ?? declared.ServiceConnectionId,
            Cloud = find(prefix + Cloud) is { } cloud ? AzureCloud.Parse(cloud) : declared.Cloud,
        };
        identity.Check(environment is null ? "the base registry" : $"the environment '{environment.Name}'");
        return identity.IsEmpty ? null : identity;
    }
}
