namespace Gantry.Signing;

/// <summary>Recognizes vaults of Azure Key Vault and managed HSMs by their host names, in all clouds of Azure.</summary>
/// <seealso href="https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers">
/// Azure Key Vault, DNS suffixes
/// </seealso>
public static class KeyVaultHost
{
    /// <summary>The domain of vaults in the public cloud.</summary>
    public const string PublicDomain = "vault.azure.net";

    /// <summary>The domain of vaults in Azure operated by 21Vianet.</summary>
    public const string ChinaDomain = "vault.azure.cn";

    /// <summary>The domain of vaults in Azure Government.</summary>
    public const string USGovernmentDomain = "vault.usgovcloudapi.net";

    /// <summary>The domain of managed HSMs in the public cloud.</summary>
    public const string PublicHsmDomain = "managedhsm.azure.net";

    /// <summary>The domain of managed HSMs in Azure operated by 21Vianet.</summary>
    public const string ChinaHsmDomain = "managedhsm.azure.cn";

    /// <summary>The domain of managed HSMs in Azure Government.</summary>
    public const string USGovernmentHsmDomain = "managedhsm.usgovcloudapi.net";

    private static readonly string[] Domains =
        [PublicDomain, ChinaDomain, USGovernmentDomain, PublicHsmDomain, ChinaHsmDomain, USGovernmentHsmDomain];

    /// <summary>
    /// Returns the domain of a vault or managed HSM, which shows its cloud; null when the host is something else. A vault is one label
    /// below its domain.
    /// </summary>
    /// <param name="host">The host, without a port.</param>
    public static string? FindDomain(string host) =>
        host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            ? Domains.FirstOrDefault(domain => domain.Equals(host[(dot + 1)..], StringComparison.OrdinalIgnoreCase))
            : null;

    /// <summary>Returns true when the domain is that of managed HSMs.</summary>
    /// <param name="domain">A domain that <see cref="FindDomain"/> has returned.</param>
    public static bool IsManagedHsm(string domain) => domain is PublicHsmDomain or ChinaHsmDomain or USGovernmentHsmDomain;
}
