using System.Net;
using Gantry.Http;

namespace Gantry.Deployments;

/// <summary>
/// Sends the requests of webhooks and health checks. Does not follow redirects, which could carry a credential elsewhere.
/// </summary>
internal sealed class HookClient(TimeProvider time, HttpMessageHandler? handler, TimeSpan timeout, Action<string>? log) : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly HttpTransport _http = new(new HttpTransportOptions
    {
        Handler = handler,
        TimeProvider = time,
        ResponseTimeout = timeout,
        StallTimeout = timeout,
        Retry = new HttpRetryOptions { Attempts = 3, ConnectAttempts = 3, Delay = TimeSpan.FromSeconds(1), MaximumDelay = LongestPause },
        Log = log,
    });

    /// <summary>The default time limit for an answer.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(30);

    public void Dispose() => _http.Dispose();

    /// <summary>Returns true when the same request may succeed soon.</summary>
    public static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <summary>Describes a failure briefly and without an address.</summary>
    public static string Explain(HttpFailure failure) =>
        failure.Kind == HttpFailureKind.TooLarge ? $"an answer of more than {Format.Bytes(Limits.ErrorBytes)}" : failure.Reason;

    /// <summary>Reads the body of an answer.</summary>
    public static Task<string> ReadAsync(HttpAnswer answer, CancellationToken cancellationToken) =>
        answer.ReadTextAsync(Limits.ErrorBytes, "answer", cancellationToken);

    /// <summary>Sends a request once, and reads its answer, whatever its status.</summary>
    public Task<T> SendOnceAsync<T>(
        HttpRequestMessage request, Func<HttpFailure, Exception> failed, Func<HttpAnswer, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken) =>
        _http.AttemptAsync(_ => ValueTask.FromResult(request), failed, read, cancellationToken);

    /// <summary>
    /// Sends a request, and retries transient failures and refusals; returns the status of the answer when it is a success.
    /// </summary>
    public Task<HttpStatusCode> SendAsync(
        Func<HttpRequestMessage> create, Func<HttpFailure, GantryException> unreachable, Func<HttpStatusCode, GantryException> refused,
        CancellationToken cancellationToken) =>
        _http.SendAsync(
            _ => ValueTask.FromResult(create()),
            failure => new TransientException(FailureKind.Broken, unreachable(failure)),
            (answer, _) => Task.FromResult(answer.IsSuccess ? answer.StatusCode : throw Refuse(answer, refused(answer.StatusCode))),
            cancellationToken);

    private static Exception Refuse(HttpAnswer answer, GantryException error) =>
        !IsTransient(answer.StatusCode) ? error
        : new TransientException(FailureKind.Broken, error, answer.RetryAfter > LongestPause ? LongestPause : answer.RetryAfter);
}
