namespace Gantry.Registries.Remote;

/// <summary>The kind of a transient failure.</summary>
internal enum FailureKind
{
    /// <summary>No connection could be made.</summary>
    Connect,

    /// <summary>The connection broke or stalled, or the server reported a failure.</summary>
    Broken,

    /// <summary>The registry does not see yet what was just written, by this or another client.</summary>
    Unsettled,

    /// <summary>Too many requests; <see cref="HostThrottle"/> keeps the pause that was asked for.</summary>
    RateLimit,
}

/// <summary>A failure that may succeed when it is retried, with the error to report when it does not. Never leaves the transport.</summary>
internal sealed class TransientException(FailureKind kind, GantryException error) : Exception(error.Message, error)
{
    public FailureKind Kind => kind;

    public GantryException Error => error;
}
