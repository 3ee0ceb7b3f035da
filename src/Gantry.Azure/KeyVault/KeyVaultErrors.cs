using System.Net;
using Gantry.Azure.SignIn;
using Gantry.Signing;

namespace Gantry.Azure.KeyVault;

/// <summary>GAN9080 to GAN9088: Azure Key Vault.</summary>
internal static class KeyVaultErrors
{
    private static readonly string[] s_unusable = ["KeyDisabled", "KeyExpired", "KeyNotYetValid"];

    /// <summary>Creates the error for a refusal.</summary>
    public static GantryException Of(HttpStatusCode status, VaultError? error, KeyVaultKeyReference key, string what)
    {
        var reason = Reason(error);
        return status switch
        {
            HttpStatusCode.Unauthorized => NotAccepted(key, what, reason),
            HttpStatusCode.Forbidden when s_unusable.Contains(error?.Inner?.Code) => Unusable(key, reason),
            HttpStatusCode.Forbidden => Forbidden(key, what, error?.Inner?.Code, reason),
            HttpStatusCode.NotFound => NotFound(key, reason),
            HttpStatusCode.TooManyRequests => Throttled(key, what),
            _ => UnexpectedAnswer(key, what, $"HTTP {(int)status}, {reason}"),
        };
    }

    public static GantryException Unreachable(KeyVaultKeyReference key, string what, string reason, Exception inner) =>
        new(
            "GAN9080",
            $"{key.Host} cannot be reached for {what}: {reason}",
            "check the name of the vault, the network and the proxy",
            inner);

    public static GantryException NotAccepted(KeyVaultKeyReference key, string what, string reason) =>
        new(
            "GAN9081",
            $"{key.Host} does not accept the Azure identity for {what} ({reason})",
            "sign in to the tenant that the vault belongs to ('az login --tenant'), or use a service connection of it");

    public static GantryException Forbidden(KeyVaultKeyReference key, string what, string? inner, string reason)
    {
        // Those of the firewall are ForbiddenByFirewall and ForbiddenByConnection.
        var isNetwork = inner is "ForbiddenByFirewall" or "ForbiddenByConnection";
        var role = KeyVaultHost.FindDomain(key.Host) is { } domain && KeyVaultHost.IsManagedHsm(domain)
            ? "Managed HSM Crypto User"
            : "Key Vault Crypto User";
        return new(
            "GAN9082",
            $"the Azure identity may not do this: {what} ({reason})",
            isNetwork
                ? "let this machine through the firewall of the vault, or promote where its private endpoint is"
                : $"give it the role '{role}' on this key (or the permissions get and sign, if the vault has access policies), and wait a "
                    + "few minutes until a new role takes effect");
    }

    public static GantryException NotFound(KeyVaultKeyReference key, string reason) =>
        new(
            "GAN9083",
            $"there is no key {key} ({reason})",
            "correct its address: 'az keyvault key list-versions' prints it; a deleted key can be recovered for some time");

    public static GantryException Unusable(KeyVaultKeyReference key, string reason) =>
        new(
            "GAN9084",
            $"the key {key} cannot sign: {reason}",
            "enable or renew it, or name another version or key; keep its public key trusted as long as what it signed is in use");

    public static GantryException OtherType(KeyVaultKeyReference key, string type) =>
        new(
            "GAN9085",
            $"the key {key} is of the type {type}, and not EC or EC-HSM with the curve P-256",
            "create one, as in: az keyvault key create --kty EC-HSM --curve P-256 --ops sign verify");

    public static GantryException Throttled(KeyVaultKeyReference key, string what) =>
        new(
            "GAN9086",
            $"{key.Host} still refuses {what} because there are too many requests",
            "wait and run it again; a signing key in its own vault does not share the limit");

    public static GantryException UnexpectedAnswer(KeyVaultKeyReference key, string what, string reason, Exception? inner = null) =>
        new(
            "GAN9087",
            $"{key.Host} answers {what} in an unexpected way ({reason})",
            "read the reason, and try again; https://azure.status.microsoft shows the state of Azure",
            inner);

    public static GantryException OtherKey(KeyVaultKeyReference key, string what, string answered) =>
        new(
            "GAN9088",
            $"{key.Host} answers {what} for another key than {key}: {answered}",
            "find out what is between this machine and the vault; nothing was written");

    private static string Reason(VaultError? error) =>
        (error?.Inner?.Code ?? error?.Code, error?.Message) switch
        {
            ({ Length: > 0 } code, { Length: > 0 } message) => $"{code}: {SignInFailure.FirstLine(message)}",
            ({ Length: > 0 } code, _) => code,
            (_, { Length: > 0 } message) => SignInFailure.FirstLine(message),
            _ => "no reason given",
        };
}
