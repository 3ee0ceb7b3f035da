using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>Sends requests: with authorization, redirects, stall detection, pauses that registries ask for, and retries.</summary>
internal sealed class RegistryTransport : IDisposable
{
    private const int MaximumRedirects = 10;
    private const int MaximumChallenges = 3;
    private readonly RegistrySessionOptions _options;
    private readonly CertificateFolders _certificates;
    private readonly HttpMessageInvoker _invoker;
    private readonly ConcurrentDictionary<string, HostThrottle> _gates = new(StringComparer.OrdinalIgnoreCase);

    public RegistryTransport(RegistrySessionOptions options)
    {
        _options = options;
        _certificates = new CertificateFolders(options.CertificateFolders);
        _invoker = new HttpMessageInvoker(HandlerFactory.Create(options, _certificates), disposeHandler: true);
        Retry = new RegistryRetry(options.Retry, options.TimeProvider);
    }

    public RegistryRetry Retry { get; }

    /// <summary>Returns true when this host may be accessed without TLS.</summary>
    public bool AllowsPlainHttp(string host) =>
        _options.PlainHttpHosts.Contains(host) || (new HostAddress(host, "").IsLoopback && !_options.TlsHosts.Contains(host));

    /// <summary>Sends a request, with retries, and reads the answer.</summary>
    public Task<T> SendAsync<T>(RegistryRequest request, Func<RegistryResponse, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        Retry.ExecuteAsync(token => AttemptAsync(request, read, token), cancellationToken);

    /// <summary>Sends a request once. A failure that may succeed when retried is thrown as a <see cref="TransientException"/>.</summary>
    public async Task<T> AttemptAsync<T>(RegistryRequest request, Func<RegistryResponse, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var watchdog = new Watchdog(_options.TimeProvider, cancellationToken);
        HttpResponseMessage message;
        try
        {
            message = await SendAuthorizedAsync(request, watchdog, cancellationToken);
        }
        catch
        {
            watchdog.Dispose();
            throw;
        }

        using var response = new RegistryResponse(message, watchdog, request, _options.StallTimeout);
        ThrowIfTransient(request, response, message);
        return await read(response, cancellationToken);
    }

    public void Dispose() => _invoker.Dispose();

    private async Task<HttpResponseMessage> SendAuthorizedAsync(RegistryRequest request, Watchdog watchdog, CancellationToken cancellationToken)
    {
        var scopes = request.Scopes;
        for (var challenges = 0; ; challenges++)
        {
            var authorization = request.Authentication is null ? request.Authorization : await request.Authentication.AuthorizeAsync(scopes, cancellationToken);
            var message = await SendRedirectedAsync(request, authorization, watchdog, cancellationToken);
            if (message.StatusCode != HttpStatusCode.Unauthorized || request.Authentication is null || message.RequestMessage!.RequestUri!.Authority != request.Uri.Authority)
                return message;

            using (message)
            {
                var offered = message.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values.ToList() : [];
                var more = request.Authentication.HandleChallenge(offered, authorization);
                if (more is null || challenges + 1 == MaximumChallenges)
                    throw RegistryErrors.Unauthorized(request.Uri.Authority, request.What, "the credential is missing or not accepted (status 401)", request.Authentication.Advise(scopes));
                if (request.Once)
                    throw new TransientException(FailureKind.Broken, RegistryErrors.Unauthorized(request.Uri.Authority, request.What, "the token is not accepted (status 401)"));
                scopes = [.. request.Scopes, .. more];
            }
        }
    }

    private async Task<HttpResponseMessage> SendRedirectedAsync(
        RegistryRequest request, AuthenticationHeaderValue? authorization, Watchdog watchdog, CancellationToken cancellationToken)
    {
        var uri = request.Uri;
        for (var redirects = 0; redirects <= MaximumRedirects; redirects++)
        {
            var response = await SendOnceAsync(request, uri, IsSameHost(uri, request.Uri) ? authorization : null, watchdog, cancellationToken);
            if (!IsRedirect(request, response))
                return response;

            using (response)
            {
                var location = response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.First() : "";
                if (!Uri.TryCreate(uri, location, out var next) || next.Scheme is not ("https" or "http"))
                    throw RegistryErrors.UnexpectedAnswer(uri.Authority, request.What, "it redirects to an invalid address");
                if (next.Scheme == "http" && !AllowsPlainHttp(next.Authority))
                    throw RegistryErrors.PlainHttp(uri.Authority, next.WithoutSecrets());
                if (request.HoldsSecret && !IsSameHost(next, request.Uri))
                    throw RegistryErrors.UnexpectedAnswer(uri.Authority, request.What, $"it redirects a credential to another host ({next.Authority})");
                uri = next;
            }
        }

        throw RegistryErrors.TooManyRedirects(request.Uri.Authority, request.What);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        RegistryRequest request, Uri uri, AuthenticationHeaderValue? authorization, Watchdog watchdog, CancellationToken cancellationToken)
    {
        await GetThrottle(uri.Authority).WaitAsync(cancellationToken);
        _certificates.Require(uri);
        var message = request.CreateMessage(uri, authorization);
        try
        {
            watchdog.Restart();
            watchdog.Watch(_options.ResponseTimeout);
            if (message.Content is WatchedContent content)
                content.Watchdog = watchdog;
            var response = await _invoker.SendAsync(message, watchdog.Token);
            watchdog.Restart();
            return response;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            message.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw Classify(exception, uri.Authority, request, watchdog);
        }
    }

    private static Exception Classify(Exception exception, string host, RegistryRequest request, Watchdog watchdog)
    {
        if (watchdog.Expired)
            return new TransientException(FailureKind.Broken, RegistryErrors.Stalled(host, request.What, watchdog.Limit));
        return exception switch
        {
            HttpRequestException http when NetworkErrorMessage.ForTls(http) is { } reason => RegistryErrors.TlsFailed(host, reason, exception),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError } =>
                new TransientException(FailureKind.Connect, RegistryErrors.Unreachable(host, NetworkErrorMessage.Of(exception), exception)),
            OperationCanceledException => new TransientException(FailureKind.Connect, RegistryErrors.Unreachable(host, NetworkErrorMessage.Of(exception), exception)),
            _ => new TransientException(FailureKind.Broken, RegistryErrors.ConnectionBroken(host, request.What, NetworkErrorMessage.Of(exception), exception)),
        };
    }

    private void ThrowIfTransient(RegistryRequest request, RegistryResponse response, HttpResponseMessage message)
    {
        var gate = GetThrottle(response.Host);
        switch ((int)response.StatusCode)
        {
            case 429:
                var asked = RetryAfter(message);
                var pause = gate.Pause(asked);
                var error = RegistryErrors.RateLimited(response.Host, asked is null ? "status 429" : $"status 429, it asks to wait {pause.TotalSeconds:0} seconds");
                throw pause > _options.Retry.MaximumRateLimitDelay ? error : new TransientException(FailureKind.RateLimit, error);

            case 408 or 500 or 502 or 503 or 504:
                if (RetryAfter(message) is { } delay && delay <= _options.Retry.MaximumRateLimitDelay)
                    gate.Pause(delay);
                throw new TransientException(FailureKind.Broken, RegistryErrors.ServerFailed(response.Host, request.What, (int)response.StatusCode));

            default:
                gate.Accepted();
                break;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage message)
    {
        var retryAfter = message.Headers.RetryAfter;
        var delay = retryAfter?.Delta ?? retryAfter?.Date - _options.TimeProvider.GetUtcNow();
        return delay is { Ticks: < 0 } ? TimeSpan.Zero : delay;
    }

    private HostThrottle GetThrottle(string host) => _gates.GetOrAdd(host, _ => new HostThrottle(_options.Retry, _options.TimeProvider));

    private static bool IsSameHost(Uri uri, Uri other) => uri.Authority == other.Authority && uri.Scheme == other.Scheme;

    private static bool IsRedirect(RegistryRequest request, HttpResponseMessage response) => (int)response.StatusCode switch
    {
        301 or 302 or 303 => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head,
        307 or 308 => !request.Once,
        _ => false,
    };
}
