using System.Text.RegularExpressions;
using Azure.Identity;

namespace Gantry.Azure.SignIn;

/// <summary>What one way to sign in said.</summary>
/// <param name="Method">The way.</param>
/// <param name="Reason">What it said.</param>
/// <param name="Exception">The failure; null when it is simply not there.</param>
internal sealed partial record SignInFailure(string Method, string Reason, Exception? Exception)
{
    private const int LongestReason = 300;

    /// <summary>The error of one that failed.</summary>
    public static GantryException Of(string method, AuthenticationFailedException exception)
    {
        var reason = Explain(exception);
        return AzureErrors.SignInFailed($"{method}: {reason}", EntraErrors.Remedy(reason), exception);
    }

    /// <summary>The error of a credential that is not ours.</summary>
    public static GantryException Of(AuthenticationFailedException exception) =>
        exception is CredentialUnavailableException
            ? AzureErrors.NotSignedIn(Explain(exception), exception)
            : AzureErrors.SignInFailed(Explain(exception), EntraErrors.Remedy(Explain(exception)), exception);

    /// <summary>The error when none could sign in.</summary>
    public static GantryException OfAll(IReadOnlyList<SignInFailure> failures, ServiceConnection connection)
    {
        var said = string.Join("; ", failures.Select(failure => $"{failure.Method}: {failure.Reason}"));
        var failed = failures.FirstOrDefault(failure => failure.Exception is not null);
        return connection.IsIncomplete ? AzureErrors.IncompleteConnection(connection.Missing, said, failed?.Exception)
            : failed is not null ? AzureErrors.SignInFailed(said, EntraErrors.Remedy(failed.Reason), failed.Exception)
            : AzureErrors.NotSignedIn(said, null);
    }

    /// <summary>What Entra ID says begins with its code; what the library adds are hints for programmers.</summary>
    public static string Explain(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (EntraErrors.Find(cause.Message) is { } error)
                return FirstLine(error);
        }

        // The message of a chain lists what each member said; the member itself says it better.
        while (exception is CredentialUnavailableException && exception.InnerException is CredentialUnavailableException inner)
            exception = inner;
        return FirstLine(Hint().Replace(exception.Message, ""));
    }

    public static string FirstLine(string text)
    {
        var line = text.Trim().Split('\n')[0].Trim().TrimEnd('.');
        return line.Length <= LongestReason ? line : line[..LongestReason] + "…";
    }

    [GeneratedRegex(@"\A\w+Credential authentication (unavailable|failed)[.:]\s*|\s*(See the troubleshooting guide|To troubleshoot|To mitigate|- ?https?://).*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hint();
}
