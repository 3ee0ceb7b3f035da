namespace Gantry.Http;

/// <summary>The kind of a transient failure.</summary>
public enum FailureKind
{
    /// <summary>No connection could be made.</summary>
    Connect,

    /// <summary>The connection broke or stalled, or the server reported a failure.</summary>
    Broken,

    /// <summary>The server does not see yet what was just written, by this or another client.</summary>
    Unsettled,

    /// <summary>Too many requests; the pause that was asked for delays all requests to that host.</summary>
    RateLimit,
}

/// <summary>A failure that may succeed when it is retried, with the error to report when it does not.</summary>
/// <param name="kind">The kind, which decides how often it is retried.</param>
/// <param name="error">The error to report in the end.</param>
/// <param name="pause">The pause that the server asks for; null for the usual one.</param>
public sealed class TransientException(FailureKind kind, GantryException error, TimeSpan? pause = null) : Exception(error.Message, error)
{
    internal FailureKind Kind => kind;

    internal GantryException Error => error;

    internal TimeSpan? Pause => pause;
}
