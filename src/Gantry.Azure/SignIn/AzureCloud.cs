namespace Gantry.Azure.SignIn;

/// <summary>One of the clouds of Azure: who signs in there, and where its services are.</summary>
/// <seealso href="https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud">National clouds</seealso>
public sealed record AzureCloud
{
    private AzureCloud(string name, string authority, string resourceManager, string registryDomain)
    {
        Name = name;
        Authority = new Uri(authority);
        ResourceManager = new Uri(resourceManager);
        RegistryDomain = registryDomain;
    }

    /// <summary>Azure, as most know it.</summary>
    public static AzureCloud Public { get; } = new("AzureCloud", "https://login.microsoftonline.com/", "https://management.azure.com/", "azurecr.io");

    /// <summary>Azure operated by 21Vianet.</summary>
    public static AzureCloud China { get; } = new("AzureChinaCloud", "https://login.chinacloudapi.cn/", "https://management.chinacloudapi.cn/", "azurecr.cn");

    /// <summary>Azure Government.</summary>
    public static AzureCloud USGovernment { get; } = new("AzureUSGovernment", "https://login.microsoftonline.us/", "https://management.usgovcloudapi.net/", "azurecr.us");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AzureCloud> All { get; } = [Public, China, USGovernment];

    /// <summary>The name by which <c>az cloud</c> knows it.</summary>
    public string Name { get; }

    /// <summary>Who gives tokens.</summary>
    public Uri Authority { get; }

    /// <summary>Where Azure Resource Manager answers.</summary>
    public Uri ResourceManager { get; }

    /// <summary>The domain of its container registries.</summary>
    public string RegistryDomain { get; }

    /// <summary>What a token for Azure Resource Manager is asked for.</summary>
    public string ResourceManagerScope => $"{ResourceManager}.default";

    /// <summary>The cloud of this name, as <c>az cloud list</c> writes it, in any case; or <c>GAN9009</c>.</summary>
    public static AzureCloud Parse(string name) =>
        All.FirstOrDefault(cloud => cloud.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw AzureErrors.UnknownCloud(name);

    /// <summary>The cloud that a registry is in, by its domain; null when it is none of Azure's.</summary>
    /// <param name="host">The registry's host, with its port where it has one.</param>
    public static AzureCloud? OfRegistry(string host)
    {
        var colon = host.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? host : host[..colon];
        return All.FirstOrDefault(cloud =>
            name.Length > cloud.RegistryDomain.Length + 1 && name.EndsWith("." + cloud.RegistryDomain, StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
