using System.Net;
using Gantry.Http;
using Polly;
using Polly.Retry;

namespace Gantry.Deployments;

/// <summary>
/// Sends the requests of webhooks and health checks. Does not follow redirects, which could carry a credential elsewhere.
/// </summary>
internal sealed class HookClient : IDisposable
{
    private const int LargestAnswer = 64 * 1024;
    private const int Attempts = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<HttpResponseMessage> _retry;

    public HookClient(TimeProvider time, HttpMessageHandler? handler)
    {
        _time = time;
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, disposeHandler: handler is null)
        {
            // The time limit is implemented here, with the given clock.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _retry = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = LongestPause,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is HttpRequestException or TimeoutException
                    || (arguments.Outcome.Result is { } response && IsTransient(response.StatusCode))),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result, time)),
                OnRetry = arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The default time limit for an answer.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Returns true when the same request may succeed soon.</summary>
    public static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <summary>Describes the failure briefly and without an address.</summary>
    public static string Explain(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } ? $"an answer of more than {LargestAnswer / 1024} KiB"
        : exception is HttpRequestException http && NetworkErrorMessage.ForTls(http) is { } tls ? tls
        : NetworkErrorMessage.Of(exception);

    /// <summary>Sends a request once. Throws a <see cref="TimeoutException"/> when there is no answer in time.</summary>
    /// <param name="request">The request.</param>
    /// <param name="timeout">The time limit for the answer.</param>
    /// <param name="withBody">True to read the body, too; otherwise it may have any size.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, TimeSpan timeout, bool withBody, CancellationToken cancellationToken)
    {
        using var limited = new CancellationTokenSource(timeout, _time);
        await using var registration = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), limited);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token);
            if (withBody)
                await response.Content.LoadIntoBufferAsync(LargestAnswer, limited.Token);
            return response;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("it does not answer", exception);
        }
    }

    /// <summary>Sends a request and retries transient failures; returns the last answer, whatever its status.</summary>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> create, TimeSpan timeout, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(
            async token =>
            {
                using var request = create();
                return await SendOnceAsync(request, timeout, withBody: false, token);
            },
            cancellationToken);

    private static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider time)
    {
        if (response?.Headers.RetryAfter is not { } header || (header.Delta ?? header.Date - time.GetUtcNow()) is not { } asked)
            return null;
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > LongestPause ? LongestPause : asked;
    }
}
