using Gantry.Azure.SignIn;
using Gantry.Environments;

namespace Gantry.Nuke.Environments;

/// <summary>
/// The Azure parameters of each environment and of the base registry: <c>--prod-azure-client-id</c>, <c>--prod-registry-id</c>. A parameter
/// overrides the declaration of the environment.
/// </summary>
internal static class AzureParameters
{
    private const string Client = "AzureClientId";
    private const string Tenant = "AzureTenantId";
    private const string Connection = "AzureServiceConnectionId";
    private const string Cloud = "AzureCloud";

    /// <summary>The prefix of the parameters of the base registry.</summary>
    public const string Base = "Base";

    /// <summary>Lists the parameters of the base registry and of these environments.</summary>
    public static IEnumerable<string> Names(IEnumerable<PromotionEnvironment> environments)
    {
        foreach (var (prefix, registries) in environments
            .Select(environment => (environment.Identifier, environment.RegistryParameters))
            .Prepend((Base, ["BaseRegistry"])))
        {
            foreach (var end in (string[])[Client, Tenant, Connection, Cloud])
                yield return prefix + end;
            foreach (var registry in registries)
                yield return ResourceIdOf(registry);
        }
    }

    /// <summary>
    /// Returns the name of the parameter for the Azure resource id of a registry: <c>ProdRegistryId</c> for <c>ProdRegistry</c>.
    /// </summary>
    public static string ResourceIdOf(string registryParameter) => registryParameter + "Id";

    /// <summary>
    /// Reads the Azure identity of an environment. Returns null for the default sign-in. Throws <c>GAN9009</c> or <c>GAN9010</c> for an
    /// identity that cannot be used.
    /// </summary>
    /// <param name="environment">The environment; null: the base registry.</param>
    /// <param name="find">Finds the value of a parameter.</param>
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
