using System.Globalization;
using System.Text.RegularExpressions;

namespace Gantry.Azure.SignIn;

/// <summary>Explains the error codes of Microsoft Entra ID.</summary>
/// <seealso href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">
/// Microsoft Entra authentication and authorization error codes
/// </seealso>
internal static partial class EntraErrors
{
    private const string Otherwise = "run 'az login' again, or check the federated credential of the service connection";

    private static readonly Dictionary<int, string> Remedies = new()
    {
        [50020] = "sign in with an account of that tenant ('az login --tenant'), or invite this one as a guest",
        [50034] = "sign in with an account of that tenant ('az login --tenant')",
        [50076] = "run 'az login' again and answer the second factor",
        [50078] = "run 'az login' again and answer the second factor",
        [50079] = "run 'az login' again and enrol the second factor",
        [50173] = "run 'az login' again: the password or the session was revoked",
        [53000] = "sign in from a device that the organisation's conditional access allows",
        [53003] = "sign in from a place that the organisation's conditional access allows, or run the build as a service connection",
        [65001] = "have an administrator consent to the application",
        [70021] = "let the application's federated credential name the issuer and the subject of the service connection, "
            + "exactly as its page shows them",
        [70043] = "run 'az login' again: the session is too old for the organisation's conditional access",
        [90002] = "correct the tenant id: Entra ID knows no such tenant in this cloud",
        [90072] = "sign in with an account of that tenant ('az login --tenant'), or invite this one as a guest",
        [500011] = "check that the tenant and the cloud are the ones that the registry's subscription belongs to",
        [700016] = "correct the client id or the tenant: the application is not in this tenant, or was deleted",
        [700024] = "map SYSTEM_ACCESSTOKEN: $(System.AccessToken) into the task, so that its sign-in can be renewed: "
            + "the task's first assertion has expired",
        [700027] = "renew the certificate of the application",
        [700082] = "run 'az login' again: the sign-in has not been used for too long",
        [700211] = "let the application's federated credential name the issuer of the service connection, exactly as its page shows it",
        [700212] = "let the application's federated credential name the audience api://AzureADTokenExchange",
        [700213] = "let the application's federated credential name the subject of the service connection, exactly as its page shows it: "
            + "it changes when the connection is renamed or moved",
        [700222] = "let the federated credential come from an issuer that Entra ID accepts: it does not take its own tokens",
        [7000112] = "have an administrator enable the application again",
        [7000215] = "correct the client secret: its value is required, not its id",
        [7000222] = "renew the client secret, or better use a service connection with workload identity federation",
    };

    /// <summary>Finds the sentence that begins with an error code, or returns null.</summary>
    public static string? Find(string text) => Sentence().Match(text) is { Success: true } match ? match.Value : null;

    /// <summary>Returns the remedy for a reason that may begin with an error code.</summary>
    public static string Remedy(string reason) =>
        Code().Match(reason) is { Success: true } match
        && int.TryParse(match.Groups["code"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? Remedies.GetValueOrDefault(code, Otherwise)
            : Otherwise;

    /// <summary>True when the tenant does not know the service for which a token was requested.</summary>
    public static bool IsUnknownResource(string reason) => reason.Contains("AADSTS500011:", StringComparison.Ordinal);

    [GeneratedRegex(@"AADSTS\d+:[^\r\n]*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"AADSTS(?<code>\d+):", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
