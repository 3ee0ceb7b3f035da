namespace Gantry.Http;

/// <summary>The options for sending requests to one service.</summary>
public sealed class HttpTransportOptions
{
    private readonly TimeSpan? _responseTimeout;
    private readonly TimeSpan? _stallTimeout;

    /// <summary>The handler that sends the requests; when null, a default one. It must not follow redirects.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock for time limits and pauses.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The limits and pauses of retries.</summary>
    public HttpRetryOptions Retry { get; init; } = new();

    /// <summary>
    /// The time without progress after which an operation fails, over all its attempts. A longer time limit of one attempt counts instead.
    /// </summary>
    public TimeSpan NoProgressTimeout { get; init; } = Limits.NoProgress;

    /// <summary>The time limit for the answer to a request, in one attempt; by default half of the time without progress.</summary>
    public TimeSpan ResponseTimeout
    {
        get => _responseTimeout ?? NoProgressTimeout / 2;
        init => _responseTimeout = value;
    }

    /// <summary>
    /// The time without any bytes of a body being transferred after which the transfer counts as broken; by default a quarter of the time
    /// without progress.
    /// </summary>
    public TimeSpan StallTimeout
    {
        get => _stallTimeout ?? NoProgressTimeout / 4;
        init => _stallTimeout = value;
    }

    /// <summary>
    /// Masks the credentials that were sent, in errors, in the log, and in answers that refuse something. The same one can be shared with
    /// other sessions and with the output of a program.
    /// </summary>
    public SecretMask Secrets { get; init; } = new();

    /// <summary>Receives one line about each request and retry, without secrets; null for none.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>
    /// Receives a line for people when something is awaited for long, and before a longer pause; null for none. May be called by several
    /// threads at the same time.
    /// </summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Returns true when a host may be accessed without TLS.</summary>
    internal Func<string, bool> AllowsPlainHttp { get; init; } = _ => false;

    /// <summary>Called before each connection.</summary>
    internal Action<Uri>? Connecting { get; init; }
}
