using System.Text.RegularExpressions;
using Azure.Identity;

namespace Gantry.Azure.SignIn;

/// <summary>The failure of one sign-in method.</summary>
/// <param name="Method">The name of the sign-in method.</param>
/// <param name="Reason">The reason for the failure.</param>
/// <param name="Exception">The exception; null when the method is not available.</param>
internal sealed partial record SignInFailure(string Method, string Reason, Exception? Exception)
{
    private const int LongestReason = 300;

    /// <summary>Creates the error for a failed sign-in method.</summary>
    public static GantryException Of(string method, AuthenticationFailedException exception)
    {
        var reason = Explain(exception);
        return AzureErrors.SignInFailed($"{method}: {reason}", EntraErrors.Remedy(reason), exception);
    }

    /// <summary>Creates the error for a credential that was passed in.</summary>
    public static GantryException Of(AuthenticationFailedException exception) =>
        exception is CredentialUnavailableException
            ? AzureErrors.NotSignedIn(Explain(exception), exception)
            : AzureErrors.SignInFailed(Explain(exception), EntraErrors.Remedy(Explain(exception)), exception);

    /// <summary>Creates the error when no method could sign in.</summary>
    public static GantryException OfAll(IReadOnlyList<SignInFailure> failures, ServiceConnection connection)
    {
        var said = string.Join("; ", failures.Select(failure => $"{failure.Method}: {failure.Reason}"));
        var failed = failures.FirstOrDefault(failure => failure.Exception is not null);
        return connection.IsIncomplete ? AzureErrors.IncompleteConnection(connection.Missing, said, failed?.Exception)
            : failed is not null ? AzureErrors.SignInFailed(said, EntraErrors.Remedy(failed.Reason), failed.Exception)
            : AzureErrors.NotSignedIn(said, null);
    }

    /// <summary>
    /// Extracts the reason of a failure: the message of Entra ID begins with its code, while the library adds hints for programmers.
    /// </summary>
    public static string Explain(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (EntraErrors.Find(cause.Message) is { } error)
                return FirstLine(error);
        }

        // The exception of a chain lists the messages of all members; that of the inner exception is clearer.
        while (exception is CredentialUnavailableException && exception.InnerException is CredentialUnavailableException inner)
            exception = inner;
        return FirstLine(Hint().Replace(exception.Message, ""));
    }

    public static string FirstLine(string text)
    {
        var line = text.Trim().Split('\n')[0].Trim().TrimEnd('.');
        return line.Length <= LongestReason ? line : line[..LongestReason] + "…";
    }

    [GeneratedRegex(
        @"\A\w+Credential authentication (unavailable|failed)[.:]\s*|\s*(See the troubleshooting guide|To troubleshoot|To mitigate|- ?https?://).*",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hint();
}
