using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Identity;
using Gantry.Azure.SignIn;
using Gantry.Http;

namespace Gantry.Azure.Registries;

/// <summary>A refresh token of a registry.</summary>
/// <param name="RefreshToken">The token.</param>
/// <param name="ExpiresOn">The time at which the token expires.</param>
internal sealed record AcrToken(string RefreshToken, DateTimeOffset ExpiresOn)
{
    public override string ToString() => $"refresh token until {ExpiresOn:u}";
}

/// <summary>Exchanges an access token of Microsoft Entra ID for a refresh token of a registry.</summary>
internal sealed partial class AcrTokenExchange : IDisposable
{
    // For registries only: a registry that refuses tokens for Azure Resource Manager still accepts these.
    private const string Scope = "https://containerregistry.azure.net/.default";

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly Action<string>? _log;
    private readonly HttpTransport _http;

    public AcrTokenExchange(AzureSessionOptions options)
    {
        _time = options.TimeProvider;
        _log = options.Log;
        _http = new HttpTransport(new HttpTransportOptions
        {
            Handler = options.Handler,
            TimeProvider = options.TimeProvider,
            NoProgressTimeout = options.NoProgressTimeout,
            ResponseTimeout = RequestTimeout,
            Notice = options.Notice,
            Retry = new HttpRetryOptions { Attempts = 2, ConnectAttempts = 0, Delay = TimeSpan.FromSeconds(1) },
            Log = options.Log,
            Secrets = options.Secrets,
        });
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Signs in and exchanges the token.</summary>
    public async Task<AcrToken> ExchangeAsync(string host, TokenCredential credential, AzureCloud cloud)
    {
        var access = await SignInAsync(credential, cloud);
        var tenant = JsonWebToken.FindText(access, "tid");
        return await _http.SendAsync(
            _ => ValueTask.FromResult(CreateRequest(host, access, tenant)),
            failure => Failed(host, failure),
            async (answer, token) => Read(host, tenant, answer, await answer.ReadTextAsync(Limits.ErrorBytes, "token", token)),
            CancellationToken.None);
    }

    private static async Task<string> SignInAsync(TokenCredential credential, AzureCloud cloud)
    {
        try
        {
            return await GetTokenAsync(credential, Scope);
        }
        catch (GantryException exception) when (EntraErrors.IsUnknownResource(exception.Problem))
        {
            // The tenant does not know the scope of registries. They also accept this scope, unless they are configured not to.
            return await GetTokenAsync(credential, cloud.ResourceManagerScope);
        }
    }

    private static async Task<string> GetTokenAsync(TokenCredential credential, string scope)
    {
        try
        {
            return (await credential.GetTokenAsync(new TokenRequestContext([scope]), CancellationToken.None)).Token;
        }
        catch (AuthenticationFailedException exception)
        {
            throw SignInFailure.Of(exception);
        }
    }

    private static HttpRequestMessage CreateRequest(string host, string access, string? tenant)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "access_token",
            ["service"] = host.Split(':')[0],
            ["access_token"] = access,
        };
        if (tenant is not null)
            form["tenant"] = tenant;
        return new HttpRequestMessage(HttpMethod.Post, new Uri($"https://{host}/oauth2/exchange"))
        {
            Content = new FormUrlEncodedContent(form),
        };
    }

    private static Exception Failed(string host, HttpFailure failure)
    {
        if (failure.Kind == HttpFailureKind.TooLarge)
            return AzureErrors.UnexpectedAnswer(host, HttpStatusCode.OK, failure.Reason);
        var error = AzureErrors.Unreachable(host, failure.Reason, failure.Exception!);
        return failure.Kind == HttpFailureKind.Broken ? new TransientException(FailureKind.Broken, error) : error;
    }

    private AcrToken Read(string host, string? tenant, HttpAnswer answer, string body)
    {
        if (!answer.IsSuccess)
            throw Refused(host, answer, tenant, body);
        var token = ReadToken(host, answer, body);
        _log?.Invoke($"refresh token of {host}, until {Format.Time(token.ExpiresOn)}");
        return token;
    }

    private AcrToken ReadToken(string host, HttpAnswer answer, string body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, AzureJson.Default.ExchangeAnswer)?.RefreshToken is { Length: > 0 } token)
                return new AcrToken(token, JsonWebToken.FindExpiry(token) ?? _time.GetUtcNow() + TimeSpan.FromHours(1));
            throw AzureErrors.UnexpectedAnswer(host, answer.StatusCode, "no refresh token in it");
        }
        catch (JsonException exception)
        {
            throw AzureErrors.UnexpectedAnswer(host, answer.StatusCode, Kind(answer), exception);
        }
    }

    private static Exception Refused(string host, HttpAnswer answer, string? tenant, string body)
    {
        var reason = ReadReason(body);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest
            && reason is not null
            && TenantMismatch().IsMatch(reason))
            return AzureErrors.WrongTenant(host, tenant, reason);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return AzureErrors.Denied(host, answer.StatusCode, tenant, reason);

        var error = AzureErrors.UnexpectedAnswer(host, answer.StatusCode, reason ?? Kind(answer));
        return answer.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? new TransientException(
                FailureKind.Broken, error, answer.RetryAfter > LongestRetryAfter ? LongestRetryAfter : answer.RetryAfter)
            : error;
    }

    // {"errors":[{"code":"UNAUTHORIZED","message":"…"}]}, the error format of registries.
    private static string? ReadReason(string body)
    {
        try
        {
            var errors = JsonSerializer.Deserialize(body, AzureJson.Default.RegistryErrors)?.Errors;
            var message = errors is [var first, ..] ? first?.Message : null;
            return message is null ? null : SignInFailure.FirstLine(message);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Kind(HttpAnswer answer) => answer.MediaType ?? "no content type";

    [GeneratedRegex("tenant|wrong issuer", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TenantMismatch();
}
