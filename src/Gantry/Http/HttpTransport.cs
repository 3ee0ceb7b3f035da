using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Gantry.IO;

namespace Gantry.Http;

/// <summary>
/// Sends requests: with authorization, redirects, time limits and stall detection, pauses that servers ask for, retries, and diagnostics.
/// Everything that this library sends goes through here.
/// </summary>
public sealed class HttpTransport : IDisposable
{
    private const int MaximumChallenges = 3;
    private readonly HttpTransportOptions _options;
    private readonly HttpMessageInvoker _invoker;
    private readonly ConcurrentDictionary<string, HostThrottle> _throttles = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates a transport. No request is sent yet.</summary>
    public HttpTransport(HttpTransportOptions options)
    {
        _options = options;
        _invoker = new HttpMessageInvoker(
            new DiagnosticHandler(options.Handler ?? CreateHandler(), options.TimeProvider, options.Log, options.Secrets),
            disposeHandler: options.Handler is null);
        Retry = new Retry(options.Retry, options.TimeProvider, options.Log) { Notice = options.Notice };
    }

    internal Retry Retry { get; }

    /// <summary>
    /// Sends a request and reads the answer, with retries. Redirects are not followed: they could carry a credential elsewhere.
    /// </summary>
    /// <param name="create">Creates the request, for each attempt.</param>
    /// <param name="failed">Creates the error for a failure; a <see cref="TransientException"/> is retried.</param>
    /// <param name="read">Reads the answer, whatever its status; a <see cref="TransientException"/> is retried.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<T> SendAsync<T>(
        Func<CancellationToken, ValueTask<HttpRequestMessage>> create,
        Func<HttpFailure, Exception> failed,
        Func<HttpAnswer, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        using var deadline = CreateDeadline();
        return await Retry.ExecuteAsync(token => AttemptAsync(create, failed, read, deadline, token), deadline, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    /// <summary>Returns true when this host may be accessed without TLS.</summary>
    internal bool AllowsPlainHttp(string host) => _options.AllowsPlainHttp(host);

    /// <summary>Starts the time without progress of an operation; the caller disposes of it.</summary>
    internal ProgressDeadline CreateDeadline(TimeSpan? patience = null)
    {
        var limit = new[] { _options.NoProgressTimeout, _options.ResponseTimeout, _options.StallTimeout }.Max();
        return new ProgressDeadline(
            patience < limit ? patience.Value : limit, _options.Retry.MaximumRateLimitDelay, _options.TimeProvider, _options.Notice);
    }

    internal async Task<T> AttemptAsync<T>(
        Func<CancellationToken, ValueTask<HttpRequestMessage>> create,
        Func<HttpFailure, Exception> failed,
        Func<HttpAnswer, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        using var deadline = CreateDeadline();
        return await AttemptAsync(create, failed, read, deadline, cancellationToken);
    }

    private async Task<T> AttemptAsync<T>(
        Func<CancellationToken, ValueTask<HttpRequestMessage>> create,
        Func<HttpFailure, Exception> failed,
        Func<HttpAnswer, CancellationToken, Task<T>> read,
        ProgressDeadline deadline,
        CancellationToken cancellationToken)
    {
        var message = await create(cancellationToken);
        var call = new HttpCall
        {
            Method = message.Method,
            Uri = message.RequestUri!,
            What = "",
            Failed = failed,
            Deadline = deadline,
        };
        return await MaskAsync(async () =>
        {
            await GetThrottle(call.Uri.Authority).WaitAsync(cancellationToken);
            using var answer = await ReceiveAsync(
                call, watchdog => SendOnceAsync(call, message, watchdog, cancellationToken), cancellationToken);
            return await read(answer, cancellationToken);
        });
    }

    /// <summary>Sends a request, with retries, and reads the answer.</summary>
    internal async Task<T> SendAsync<T>(
        HttpCall call, Func<HttpAnswer, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        if (call.Deadline is { } shared)
            return await Retry.ExecuteAsync(token => AttemptAsync(call, read, token), shared, cancellationToken);

        using var deadline = CreateDeadline(call.Patience);
        return await SendAsync(call with { Deadline = deadline }, read, cancellationToken);
    }

    /// <summary>
    /// Sends a request once, as part of an operation or as one of its own. A failure that may succeed when retried is thrown as a
    /// <see cref="TransientException"/>.
    /// </summary>
    internal async Task<T> AttemptAsync<T>(
        HttpCall call, Func<HttpAnswer, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        if (call.Deadline is null)
        {
            using var deadline = CreateDeadline(call.Patience);
            return await AttemptAsync(call with { Deadline = deadline }, read, cancellationToken);
        }

        return await MaskAsync(async () =>
        {
            using var answer = await ReceiveAsync(
                call, watchdog => SendAuthorizedAsync(call, watchdog, cancellationToken), cancellationToken);
            ThrowIfTransient(call, answer);
            return await read(answer, cancellationToken);
        });
    }

    /// <summary>Masks secrets in errors: a server may repeat them in an address, a header or a body.</summary>
    private async Task<T> MaskAsync<T>(Func<Task<T>> attempt)
    {
        try
        {
            return await attempt();
        }
        catch (Exception exception) when (Mask(exception) != exception)
        {
            throw Mask(exception);
        }
    }

    private Exception Mask(Exception exception) => exception switch
    {
        GantryException error => _options.Secrets.Apply(error),
        TransientException failure when _options.Secrets.Apply(failure.Error) is var masked && masked != failure.Error =>
            new TransientException(failure.Kind, masked, failure.Pause),
        _ => exception,
    };

    private static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxResponseHeadersLength = Limits.HeaderBytes / 1024,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        ActivityHeadersPropagator = null,
        Proxy = new MachineProxy(HttpClient.DefaultProxy),
    };

    private async Task<HttpAnswer> ReceiveAsync(
        HttpCall call, Func<Watchdog, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        var watchdog = new Watchdog(_options.TimeProvider, cancellationToken);
        try
        {
            var message = await send(watchdog);
            return new HttpAnswer(message, watchdog, call, _options, GetThrottle(message.RequestMessage!.RequestUri!.Authority));
        }
        catch
        {
            watchdog.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAuthorizedAsync(HttpCall call, Watchdog watchdog, CancellationToken cancellationToken)
    {
        for (var challenges = 0; ; challenges++)
        {
            var authorization = call.Authentication is { } authentication
                ? await authentication.AuthorizeAsync(cancellationToken)
                : call.Authorization;
            var message = await SendRedirectedAsync(call, authorization, watchdog, cancellationToken);
            if (message.StatusCode != HttpStatusCode.Unauthorized
                || call.Authentication is null
                || !IsSameHost(message.RequestMessage!.RequestUri!, call.Uri))
                return message;

            using (message)
            {
                var advice = call.Authentication.Advice;
                var offered = message.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? values.ToList() : [];
                if (!call.Authentication.HandleChallenge(offered, authorization) || challenges + 1 == MaximumChallenges)
                    throw call.Authentication.CreateError(
                        call.Uri.Authority, call.What, "the credential is missing or not accepted (status 401)", advice);
                if (call.Once)
                    throw new TransientException(
                        FailureKind.Broken,
                        call.Authentication.CreateError(call.Uri.Authority, call.What, "the token is not accepted (status 401)", null));
            }
        }
    }

    private async Task<HttpResponseMessage> SendRedirectedAsync(
        HttpCall call, AuthenticationHeaderValue? authorization, Watchdog watchdog, CancellationToken cancellationToken)
    {
        var uri = call.Uri;
        var isAtHome = true;
        for (var redirects = 0; redirects <= Limits.Redirects; redirects++)
        {
            await GetThrottle(uri.Authority).WaitAsync(cancellationToken);
            _options.Connecting?.Invoke(uri);
            var message = call.CreateMessage(uri, isAtHome ? authorization : null);
            var response = await SendOnceAsync(call, message, watchdog, cancellationToken);
            if (!IsRedirect(call, response))
                return response;

            using (response)
            {
                var location = response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.First() : "";
                if (HttpAddress.TryResolve(uri, location) is not { } next)
                    throw call.Failed(
                        new HttpFailure(HttpFailureKind.Redirect, uri.Authority, call.What, "it redirects to an invalid address"));
                if (next.Scheme == "http" && (uri.Scheme == "https" || !AllowsPlainHttp(next.Authority)))
                    throw call.Failed(new HttpFailure(HttpFailureKind.InsecureRedirect, uri.Authority, call.What, next.WithoutSecrets()));
                if (call.HoldsSecret && !IsSameHost(next, call.Uri))
                    throw call.Failed(new HttpFailure(
                        HttpFailureKind.Redirect,
                        uri.Authority,
                        call.What,
                        $"it redirects a credential to another host ({next.Authority})"));

                // Another host must not choose what a credential is used for: after it, the first host gets none either.
                isAtHome &= IsSameHost(next, call.Uri);
                uri = next;
            }
        }

        throw call.Failed(new HttpFailure(HttpFailureKind.EndlessRedirect, call.Uri.Authority, call.What, "it redirects again and again"));
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpCall call, HttpRequestMessage message, Watchdog watchdog, CancellationToken cancellationToken)
    {
        var deadline = call.Deadline!;
        try
        {
            deadline.Begin(message.RequestUri!.Authority, call.What);
            watchdog.Restart();
            watchdog.Watch(deadline.Remaining < _options.ResponseTimeout ? deadline.Remaining : _options.ResponseTimeout);
            if (message.Content is WatchedContent content)
                content.Watch(watchdog, deadline, message.RequestUri!.Authority, call.What);
            var response = await _invoker.SendAsync(message, watchdog.Token);
            watchdog.Restart();
            deadline.End();
            response.RequestMessage ??= message;
            return response;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            message.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            deadline.Fail(watchdog.Expired ? watchdog.Limit : default);
            throw (Exception?)ResourceLimits.Find(exception, message.RequestUri!.Authority)
                ?? call.Failed(Classify(exception, message.RequestUri.Authority, call, watchdog));
        }
    }

    private static HttpFailure Classify(Exception exception, string host, HttpCall call, Watchdog watchdog)
    {
        if (watchdog.Expired)
            return new HttpFailure(HttpFailureKind.Stalled, host, call.What, "it does not answer")
            {
                Limit = call.Deadline!.Waited,
                Exception = exception,
            };
        var (kind, reason) = exception switch
        {
            HttpRequestException http when NetworkErrorMessage.ForTls(http) is { } problem => (HttpFailureKind.Untrusted, problem),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.ProxyTunnelError } =>
                (HttpFailureKind.Unreachable, NetworkErrorMessage.Of(exception)),
            OperationCanceledException => (HttpFailureKind.Unreachable, NetworkErrorMessage.Of(exception)),
            _ => (HttpFailureKind.Broken, NetworkErrorMessage.Of(exception)),
        };
        return new HttpFailure(kind, host, call.What, reason) { Exception = exception };
    }

    private void ThrowIfTransient(HttpCall call, HttpAnswer answer)
    {
        var throttle = GetThrottle(answer.Host);
        switch ((int)answer.StatusCode)
        {
            case 429 when call.Optional:
                throw call.Failed(new HttpFailure(HttpFailureKind.RateLimited, answer.Host, call.What, "status 429"));

            case 429:
                throw LimitRate(call, answer, throttle);

            case 408 or 500 or 502 or 503 or 504:
                if (answer.RetryAfter is { } delay && call.Deadline!.Grant(delay))
                    throttle.Pause(delay);
                throw call.Failed(
                    new HttpFailure(HttpFailureKind.ServerFailed, answer.Host, call.What, "") { Number = (int)answer.StatusCode });

            default:
                throttle.Accepted();
                break;
        }
    }

    private static Exception LimitRate(HttpCall call, HttpAnswer answer, HostThrottle throttle)
    {
        var asked = answer.RetryAfter;
        var granted = asked is null || call.Deadline!.Grant(asked.Value);
        TimeSpan? pause = granted ? throttle.Pause(asked, call.Deadline!.Remaining) : null;
        if (asked is null)
            call.Deadline!.AddPause(pause!.Value);

        var reason = asked is null ? "status 429" : $"status 429, it asks to wait {Format.Duration(asked.Value)}";
        var error = call.Failed(new HttpFailure(HttpFailureKind.RateLimited, answer.Host, call.What, reason) { Pause = pause });
        return !granted && error is TransientException { Error: var final } ? final : error;
    }

    private HostThrottle GetThrottle(string host) =>
        _throttles.GetOrAdd(host, _ => new HostThrottle(host, _options));

    private static bool IsSameHost(Uri uri, Uri other) => uri.Authority == other.Authority && uri.Scheme == other.Scheme;

    private static bool IsRedirect(HttpCall call, HttpResponseMessage response) => (int)response.StatusCode switch
    {
        301 or 302 or 303 => call.Method == HttpMethod.Get || call.Method == HttpMethod.Head,
        307 or 308 => !call.Once,
        _ => false,
    };
}
