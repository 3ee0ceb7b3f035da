namespace Gantry.Http;

/// <summary>
/// The limits and pauses of retries. Broken connections, stalls and servers that fail are retried, each after a pause that doubles and has
/// jitter; a request that was refused because of the rate limit is retried after the pause that the server asks for. All attempts of an
/// operation together end after the time without progress of its transport.
/// </summary>
public sealed class HttpRetryOptions
{
    /// <summary>
    /// The maximum number of retries of a failed request; a transfer that made progress in between starts counting from zero again.
    /// </summary>
    public int Attempts { get; init; } = 5;

    /// <summary>
    /// The maximum number of retries when no connection can be made: a name that does not resolve or a port that refuses connections rarely
    /// changes, and a person waits for the answer.
    /// </summary>
    public int ConnectAttempts { get; init; } = 2;

    /// <summary>The pause before the first retry, which doubles with each further one.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The maximum pause between retries.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The maximum number of retries of a request that was refused because of the rate limit.</summary>
    public int RateLimitAttempts { get; init; } = 10;

    /// <summary>The pause after a refusal because of the rate limit when the server specifies none that begins now.</summary>
    public TimeSpan RateLimitDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The maximum pause that a server may ask for, once or in several pauses of one operation without progress between them. A longer one
    /// is an error immediately.
    /// </summary>
    public TimeSpan MaximumRateLimitDelay { get; init; } = TimeSpan.FromMinutes(5);
}
