using Azure.Core;
using Azure.Core.Pipeline;
using Gantry.Http;

namespace Gantry.Azure.SignIn;

/// <summary>Options for the connection to Azure in one run.</summary>
public sealed record AzureSessionOptions
{
    // One pool of connections for all clients of a session.
    private readonly Lazy<HttpMessageHandler> _handler = new(() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxResponseHeadersLength = Limits.HeaderBytes / 1024,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        ActivityHeadersPropagator = null,
    });

    /// <summary>The clock, for the expiry of tokens and for pauses.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Reads an environment variable. Returns null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The handler that sends the requests; when null, a default one. It must not follow redirects.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Receives one line about each sign-in, with the identity, and one when Azure does not answer for a while.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>The time without an answer after which a request or a sign-in fails, over all its attempts.</summary>
    public TimeSpan NoProgressTimeout { get; init; } = Limits.NoProgress;

    /// <summary>
    /// Masks the credentials that the session sends, in its errors and in its log. The same one can be shared with other sessions and with
    /// the output of a program.
    /// </summary>
    public SecretMask Secrets { get; init; } = new();

    /// <summary>
    /// Receives one line about each request, retry and token, without secrets; null for none. May be called by several threads at the same
    /// time.
    /// </summary>
    public Action<string>? Log { get; init; }

    /// <summary>
    /// Creates the credential for an application with its own sign-in. Null for the default chain: the service connection of the pipeline's
    /// task, a service principal or workload identity from environment variables, the managed identity of the machine, and the sign-in of a
    /// developer's tool.
    /// </summary>
    public Func<AzureIdentity, AzureCloud, TokenCredential>? SignIn { get; init; }

    /// <summary>
    /// The delay before the first retry of a failed request, doubled with each further one; null for the default of the Azure libraries.
    /// </summary>
    internal TimeSpan? RetryDelay { get; init; }

    /// <summary>Waits for an answer as long as it may take, however often the libraries try; then the wait is cancelled.</summary>
    internal async Task<T> LimitAsync<T>(Func<CancellationToken, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(NoProgressTimeout, TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await ask(both.Token);
    }

    /// <summary>Applies these options to a client of the Azure libraries.</summary>
    internal void Configure(ClientOptions options)
    {
        var handler = new DiagnosticHandler(Handler ?? _handler.Value, TimeProvider, Log, Secrets) { Notice = Notice };
        options.Transport = new HttpClientTransport(
            new HttpClient(handler, disposeHandler: false) { Timeout = System.Threading.Timeout.InfiniteTimeSpan });
        options.Retry.NetworkTimeout = NoProgressTimeout / 2;
        if (RetryDelay is { } delay)
            options.Retry.Delay = delay;
    }
}
