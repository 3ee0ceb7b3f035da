using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Identity;
using Gantry.Azure.SignIn;
using Gantry.Http;
using Gantry.Registries.Remote;
using Polly;
using Polly.Retry;

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
    private const int LargestAnswer = 64 * 1024;
    private const int Attempts = 3;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<HttpResponseMessage> _retry;

    public AcrTokenExchange(AzureSessionOptions options)
    {
        _time = options.TimeProvider;
        var handler = options.Handler;
        // A redirect would send the token to another host.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, disposeHandler: handler is null)
        {
            Timeout = RequestTimeout,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        _retry = CreateRetry(_time);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Signs in and exchanges the token.</summary>
    public async Task<AcrToken> ExchangeAsync(string host, TokenCredential credential, AzureCloud cloud)
    {
        var access = await SignInAsync(credential, cloud);
        var tenant = JsonWebToken.FindText(access, "tid");
        try
        {
            using var response = await _retry.ExecuteAsync(async token => await SendAsync(host, access, tenant, token), CancellationToken.None);
            var body = await response.Content.ReadAsUtf8StringAsync(CancellationToken.None);
            return response.IsSuccessStatusCode ? ReadToken(host, response, body) : throw Refused(host, response, tenant, body);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw AzureErrors.UnexpectedAnswer(host, HttpStatusCode.OK, $"more than {LargestAnswer} bytes", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            throw AzureErrors.Unreachable(host, exception is OperationCanceledException ? "it does not answer" : exception.GetBaseException().Message, exception);
        }
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

    private async Task<HttpResponseMessage> SendAsync(string host, string access, string? tenant, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "access_token",
            ["service"] = host.Split(':')[0],
            ["access_token"] = access,
        };
        if (tenant is not null)
            form["tenant"] = tenant;
        using var content = new FormUrlEncodedContent(form);
        return await _http.PostAsync(new Uri($"https://{host}/oauth2/exchange"), content, cancellationToken);
    }

    private AcrToken ReadToken(string host, HttpResponseMessage response, string body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, AzureJson.Default.ExchangeAnswer)?.RefreshToken is { Length: > 0 } token)
                return new AcrToken(token, JsonWebToken.FindExpiry(token) ?? _time.GetUtcNow() + TimeSpan.FromHours(1));
            throw AzureErrors.UnexpectedAnswer(host, response.StatusCode, "no refresh token in it");
        }
        catch (JsonException exception)
        {
            throw AzureErrors.UnexpectedAnswer(host, response.StatusCode, Kind(response), exception);
        }
    }

    private static GantryException Refused(string host, HttpResponseMessage response, string? tenant, string body)
    {
        var reason = ReadReason(body);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest && reason is not null && TenantMismatch().IsMatch(reason))
            return AzureErrors.WrongTenant(host, tenant, reason);
        return response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? AzureErrors.Denied(host, response.StatusCode, tenant, reason)
            : AzureErrors.UnexpectedAnswer(host, response.StatusCode, reason ?? Kind(response));
    }

    // {"errors":[{"code":"UNAUTHORIZED","message":"…"}]}, the error format of registries.
    private static string? ReadReason(string body)
    {
        try
        {
            var message = JsonSerializer.Deserialize(body, AzureJson.Default.RegistryErrors)?.Errors is [{ Message: { } text }, ..] ? text : null;
            return message is null ? null : SignInFailure.FirstLine(message);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Kind(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType ?? "no content type";

    private static ResiliencePipeline<HttpResponseMessage> CreateRetry(TimeProvider time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Result is { StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError }
                    || arguments.Outcome.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.Unknown }),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result, time)),
                OnRetry = arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider time)
    {
        var asked = response?.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - time.GetUtcNow() : null;
        return asked is not { } delay ? null
            : delay < TimeSpan.Zero ? TimeSpan.Zero
            : delay > LongestRetryAfter ? LongestRetryAfter
            : delay;
    }

    [GeneratedRegex("tenant|wrong issuer", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TenantMismatch();
}
