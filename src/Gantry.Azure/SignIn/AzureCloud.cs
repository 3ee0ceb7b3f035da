using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Azure.SignIn;

/// <summary>One of the Azure clouds, with its sign-in authority and the addresses of its services.</summary>
/// <seealso href="https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud">National clouds</seealso>
public sealed record AzureCloud
{
    private AzureCloud(
        string name, string authority, string resourceManager, string registryDomain, string vaultDomain, string hsmDomain, string audience)
    {
        Name = name;
        Authority = new Uri(authority);
        ResourceManager = new Uri(resourceManager);
        RegistryDomain = registryDomain;
        KeyVaultDomain = vaultDomain;
        ManagedHsmDomain = hsmDomain;
        AssertionAudience = audience;
    }

    /// <summary>The public Azure cloud.</summary>
    public static AzureCloud Public { get; } =
        new("AzureCloud", "https://login.microsoftonline.com/", "https://management.azure.com/", AcrHost.PublicDomain,
            KeyVaultHost.PublicDomain, KeyVaultHost.PublicHsmDomain, "api://AzureADTokenExchange");

    /// <summary>Azure operated by 21Vianet.</summary>
    public static AzureCloud China { get; } =
        new("AzureChinaCloud", "https://login.chinacloudapi.cn/", "https://management.chinacloudapi.cn/", AcrHost.ChinaDomain,
            KeyVaultHost.ChinaDomain, KeyVaultHost.ChinaHsmDomain, "api://AzureADTokenExchangeChina");

    /// <summary>Azure Government.</summary>
    public static AzureCloud USGovernment { get; } =
        new("AzureUSGovernment", "https://login.microsoftonline.us/", "https://management.usgovcloudapi.net/", AcrHost.USGovernmentDomain,
            KeyVaultHost.USGovernmentDomain, KeyVaultHost.USGovernmentHsmDomain, "api://AzureADTokenExchangeUSGov");

    /// <summary>All clouds.</summary>
    public static IReadOnlyList<AzureCloud> All { get; } = [Public, China, USGovernment];

    /// <summary>The name of the cloud in <c>az cloud</c>.</summary>
    public string Name { get; }

    /// <summary>The authority that issues tokens.</summary>
    public Uri Authority { get; }

    /// <summary>The address of Azure Resource Manager.</summary>
    public Uri ResourceManager { get; }

    /// <summary>The domain of its container registries.</summary>
    public string RegistryDomain { get; }

    /// <summary>The domain of its vaults in Azure Key Vault.</summary>
    public string KeyVaultDomain { get; }

    /// <summary>The domain of its managed HSMs.</summary>
    public string ManagedHsmDomain { get; }

    /// <summary>The audience of assertions with which another service vouches for an application.</summary>
    internal string AssertionAudience { get; }

    /// <summary>The scope of tokens for Azure Resource Manager.</summary>
    public string ResourceManagerScope => $"{ResourceManager}.default";

    /// <summary>Finds the cloud by its name in <c>az cloud list</c>, ignoring case, or throws <c>GAN9009</c>.</summary>
    public static AzureCloud Parse(string name) =>
        All.FirstOrDefault(cloud => cloud.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw AzureErrors.UnknownCloud(name);

    /// <summary>Finds the cloud of a registry by its domain. Returns null for a registry outside of Azure.</summary>
    /// <param name="host">The host of the registry, with an optional port.</param>
    public static AzureCloud? OfRegistry(string host) =>
        AcrHost.FindDomain(host) is { } domain ? All.First(cloud => cloud.RegistryDomain == domain) : null;

    /// <summary>Finds the cloud of a vault or managed HSM by its domain. Returns null for another host.</summary>
    /// <param name="host">The host, without a port.</param>
    public static AzureCloud? OfVault(string host) =>
        KeyVaultHost.FindDomain(host) is { } domain
            ? All.First(cloud => cloud.KeyVaultDomain == domain || cloud.ManagedHsmDomain == domain)
            : null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
