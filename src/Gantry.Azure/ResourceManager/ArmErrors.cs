using System.Net;
using System.Text.RegularExpressions;
using Gantry.Azure.SignIn;

namespace Gantry.Azure.ResourceManager;

/// <summary>GAN9011 to GAN9020, and GAN9075: Azure Resource Manager.</summary>
internal static partial class ArmErrors
{
    /// <summary>The code of a conflict with the current state, which may pass.</summary>
    public const string ConflictCode = "GAN9075";

    /// <summary>The code of a resource id that is not valid.</summary>
    public const string MalformedIdCode = "GAN9019";

    /// <summary>Creates the error for a response.</summary>
    public static GantryException Of(ArmResponse answer)
    {
        var error = answer.FindError();
        var reason = Reason(error);
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => NotAccepted(answer.What, reason),
            HttpStatusCode.Forbidden => Forbidden(answer.What, error?.Message, reason),
            HttpStatusCode.NotFound => NotFound(answer.What, reason),
            HttpStatusCode.Conflict => Conflict(answer.What, reason),
            HttpStatusCode.TooManyRequests => Throttled(answer.What, answer.RetryAfter),
            _ => UnexpectedAnswer(answer.What, answer.Status, reason),
        };
    }

    public static GantryException Unreachable(string host, string what, string reason, Exception inner) =>
        new(
            "GAN9011",
            $"{host} cannot be reached for {what}: {reason}",
            "check the network, the proxy and that the cloud is the right one",
            inner);

    public static GantryException NotAccepted(string what, string reason) =>
        new(
            "GAN9012",
            $"Azure does not accept the identity for {what} ({reason})",
            "sign in to the tenant that the subscription belongs to ('az login --tenant'), or use a service connection of it");

    public static GantryException Forbidden(string what, string? message, string reason)
    {
        if (MissingRight().Match(message ?? "") is not { Success: true } right)
            return new(
                "GAN9013",
                $"the Azure identity may not do this: {what} ({reason})",
                "give it a role that allows it, and wait a few minutes until a new role takes effect");

        var (action, scope) = (right.Groups["action"].Value, right.Groups["scope"].Value);
        return new(
            "GAN9013",
            $"the Azure identity lacks the right {action} on {scope}, which {what} needs",
            $"give it {ArmRoles.For(action)} there, and wait a few minutes until a new role takes effect");
    }

    public static GantryException NotFound(string what, string reason) =>
        new(
            "GAN9014",
            $"Azure does not find the resource for {what} ({reason})",
            "check the resource id, the subscription and that the identity may read it: "
                + "resources that it may not read do not exist for it");

    public static GantryException Throttled(string what, TimeSpan? retryAfter) =>
        new(
            "GAN9015",
            $"Azure still refuses {what} because there are too many "
                + $"requests{(retryAfter is { } pause ? $" (it asks to wait {Format.Duration(pause)})" : "")}",
            "wait and run it again");

    public static GantryException Conflict(string what, string reason) =>
        new(
            ConflictCode,
            $"{what} is not possible in the current state: {reason}",
            "wait until no other change is in progress, then run it again");

    public static GantryException UnexpectedAnswer(string what, HttpStatusCode status, string reason, Exception? inner = null) =>
        new(
            "GAN9016",
            $"Azure answers {what} in an unexpected way (HTTP {(int)status}, {reason})",
            "read the reason, and try again; https://azure.status.microsoft shows the state of Azure",
            inner);

    public static GantryException OperationFailed(string what, string status, ArmError? error) =>
        new("GAN9017", $"{what} was begun and ended as '{status}': {Reason(error)}", "correct the cause, then run it again");

    public static GantryException TimedOut(string what, TimeSpan waited) =>
        new(
            "GAN9018",
            $"{what} has not ended within {Format.Duration(waited)}",
            "look at the activity log of the resource, then run it again");

    public static GantryException MalformedId(string text, string type) =>
        new(
            MalformedIdCode,
            $"{Format.Refused(text)} is not the id of a resource of type {type}",
            $"write it as /subscriptions/<id>/resourceGroups/<name>/providers/{type}/<name>: 'az resource show' prints it");

    public static string Reason(ArmError? error) =>
        (error?.Code, error?.Message) switch
        {
            ({ Length: > 0 } code, { Length: > 0 } message) => $"{code}: {SignInFailure.FirstLine(message)}",
            ({ Length: > 0 } code, _) => code,
            (_, { Length: > 0 } message) => SignInFailure.FirstLine(message),
            _ => "no reason given",
        };

    // "… does not have authorization to perform action 'X' over scope 'Y' …", and for the scope of another resource that the request names:
    // "… does not have permission to perform action(s) 'X' on the linked scope(s) 'Y' …".
    [GeneratedRegex(
        @"does not have (authorization|permission) to perform action(\(s\))? '(?<action>[^']+)' (over|on the linked) scope(\(s\))? '(?<scope>[^']+)'",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex MissingRight();
}
