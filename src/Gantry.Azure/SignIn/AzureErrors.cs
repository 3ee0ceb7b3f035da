using System.Net;

namespace Gantry.Azure.SignIn;

/// <summary>GAN9xxx: Azure. Errors of the token exchange have no kind: nothing may take them for the answer of a registry.</summary>
internal static class AzureErrors
{
    /// <summary>The code when every method of signing in failed.</summary>
    public const string NotSignedInCode = "GAN9001";

    public static GantryException NotSignedIn(string said, Exception? inner) =>
        new(
            NotSignedInCode,
            $"not signed in to Azure ({said})",
            "run 'az login'; in Azure Pipelines, run this in an AzureCLI@2 task with the environment's service connection",
            inner) { Kind = ErrorKind.NotSignedIn };

    public static GantryException SignInFailed(string said, string remedy, Exception? inner) =>
        new("GAN9002", $"signing in to Azure failed ({said})", remedy, inner);

    public static GantryException Denied(string host, HttpStatusCode status, string? tenant, string? reason) =>
        new(
            "GAN9003",
            $"{host} did not accept the Azure identity{InTenant(tenant)} (HTTP {(int)status}{Because(reason)})",
            "give it the role AcrPull to read and AcrPush to write ('Container Registry Repository Reader' and 'Writer' where the registry "
                + "uses repository permissions), and wait some minutes");

    public static GantryException WrongTenant(string host, string? tenant, string reason) =>
        new(
            "GAN9004",
            $"{host} belongs to another tenant than the Azure identity{InTenant(tenant)} ({reason})",
            "run 'az login --tenant' with the registry's tenant, or use a service connection of that tenant");

    public static GantryException Unreachable(string host, string reason, Exception inner) =>
        new(
            "GAN9005",
            $"the registry {host} cannot be reached to exchange a token: {reason}",
            "check the registry's name, the network and the registry's firewall rules",
            inner);

    public static GantryException UnexpectedAnswer(string host, HttpStatusCode status, string reason, Exception? inner = null) =>
        new(
            "GAN9006",
            $"{host} answered the token exchange with something other than a token (HTTP {(int)status}, {reason})",
            "check that no proxy or sign-in page is between this machine and the registry, and try again",
            inner);

    public static GantryException IncompleteConnection(IReadOnlyList<string> missing, string said, Exception? inner) =>
        new("GAN9007",
            $"this task's service connection cannot sign in: {string.Join(", ", missing)} is missing, "
                + $"and no other Azure sign-in is available ({said})",
            missing.Contains("SYSTEM_ACCESSTOKEN")
                ? "map it in the task: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)"
                : "use an AzureCLI@2 or AzurePowerShell@5 task whose service connection has workload identity federation: "
                    + "it sets these variables",
            inner) { Kind = ErrorKind.NotSignedIn };

    public static GantryException OtherConnection(string there, string declared) =>
        new(
            "GAN9008",
            $"this task's service connection signs in as application {there}, but {declared} is declared",
            "use the service connection of the declared application, declare its ServiceConnectionId beside it, "
                + "or correct the declaration");

    public static GantryException UnknownCloud(string name) =>
        new("GAN9009", $"{Format.Refused(name)} is not an Azure cloud", $"choose from {string.Join(", ", AzureCloud.All)}");

    public static GantryException UnusableIdentity(string owner, string reason) =>
        new(
            "GAN9010",
            $"the Azure identity of {owner} cannot be used: {reason}",
            "correct it where the environment is declared, or in its parameters");

    private static string InTenant(string? tenant) => tenant is null ? "" : $" of tenant {tenant}";

    private static string Because(string? reason) => reason is null ? "" : $": {reason}";
}
