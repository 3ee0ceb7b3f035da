namespace Gantry.Oci;

/// <summary>Recognizes Azure Container Registries by their host names, in all clouds of Azure.</summary>
public static class AcrHost
{
    /// <summary>The domain of registries in the public cloud.</summary>
    public const string PublicDomain = "azurecr.io";

    /// <summary>The domain of registries in Azure operated by 21Vianet.</summary>
    public const string ChinaDomain = "azurecr.cn";

    /// <summary>The domain of registries in Azure Government.</summary>
    public const string USGovernmentDomain = "azurecr.us";

    private static readonly string[] Domains = [PublicDomain, ChinaDomain, USGovernmentDomain];

    /// <summary>Returns the domain of a registry, which shows its cloud; null when it is not an Azure Container Registry.</summary>
    /// <param name="host">The host of the registry, with an optional port.</param>
    public static string? FindDomain(string host) => Domains.FirstOrDefault(domain => IsIn(WithoutPort(host), domain));

    /// <summary>Returns the name of a registry: <c>contoso</c>. Null when it is not an Azure Container Registry.</summary>
    /// <param name="host">The host of the registry, with an optional port.</param>
    public static string? FindName(string host) => FindDomain(host) is { } domain ? WithoutPort(host)[..^(domain.Length + 1)] : null;

    private static bool IsIn(string host, string domain) =>
        host.Length > domain.Length + 1 && host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    private static string WithoutPort(string host) => host.Split(':')[0];
}
