using System.Text.RegularExpressions;

namespace Gantry.Signing;

/// <summary>A key in Azure Key Vault or in a managed HSM.</summary>
public sealed partial record KeyVaultKeyReference : SigningKeyReference
{
    private KeyVaultKeyReference(string host, string name, string? version)
    {
        Host = host;
        Name = name;
        Version = version;
    }

    /// <summary>The host of the vault, in lower case: <c>contoso.vault.azure.net</c>.</summary>
    public string Host { get; }

    /// <summary>The name of the key.</summary>
    public string Name { get; }

    /// <summary>The version of the key; null for the current one.</summary>
    public string? Version { get; }

    /// <summary>The address of the key: <c>https://contoso.vault.azure.net/keys/prod/…</c>.</summary>
    public override string Text => Version is null ? $"https://{Host}/keys/{Name}" : $"https://{Host}/keys/{Name}/{Version}";

    /// <summary>
    /// Parses the address of a key, or cosign's form of it: <c>azurekms://contoso.vault.azure.net/prod</c>. Throws <c>GAN4240</c>.
    /// </summary>
    /// <param name="text">The address.</param>
    public static new KeyVaultKeyReference Parse(string text) =>
        Find(text) ?? throw SigningErrors.NotAReference(text, "it is not the address of a key in Azure Key Vault");

    /// <summary>Parses the address of a key; returns null when it is something else.</summary>
    /// <param name="text">The address.</param>
    public static KeyVaultKeyReference? Find(string text)
    {
        if (!Address().IsMatch(Sample(text)))
            return null;
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var key = parts[0].Equals("azurekms:", StringComparison.OrdinalIgnoreCase) ? parts[2..] : parts[3..];
        var host = parts[1].ToLowerInvariant();
        return KeyVaultHost.FindDomain(host) is null ? null : new KeyVaultKeyReference(host, key[0], key.ElementAtOrDefault(1));
    }

    private protected override SigningKeyReference With(Func<string, string> change)
    {
        var text = change(Text);
        return Find(text) ?? throw SigningErrors.NotAReference(text, "it is not the address of a key in Azure Key Vault");
    }

    // Without a port, a query or escapes: a token is sent there.
    [GeneratedRegex(
        @"\A(https://[a-z0-9-]+(\.[a-z0-9]+)+/keys|azurekms://[a-z0-9-]+(\.[a-z0-9]+)+)/[a-z0-9-]{1,127}(/[0-9a-f]{32})?/?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
