namespace Gantry.Registries.Remote;

/// <summary>Why a request may be worth another try.</summary>
internal enum FailureKind
{
    /// <summary>No connection could be made.</summary>
    Connect,

    /// <summary>The connection broke, or nothing moved any more, or the server said that it failed.</summary>
    Broken,

    /// <summary>The registry has not yet seen what was written just before, by us or by somebody else at the same time.</summary>
    Unsettled,

    /// <summary>Too many requests; the pause that was asked for is kept by <see cref="HostThrottle"/>.</summary>
    RateLimit,
}

/// <summary>A failure that another try may mend, and the error that it becomes when none did. Never leaves the transport.</summary>
internal sealed class TransientException(FailureKind kind, GantryException error) : Exception(error.Message, error)
{
    public FailureKind Kind => kind;

    public GantryException Error => error;
}
