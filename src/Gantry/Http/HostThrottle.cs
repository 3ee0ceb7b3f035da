namespace Gantry.Http;

/// <summary>Delays all requests to one host while a pause that it asked for lasts.</summary>
internal sealed class HostThrottle(HttpRetryOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _until = DateTimeOffset.MinValue;
    private int _refusals;

    /// <summary>Waits until the pause is over.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Remaining() is { Ticks: > 0 } remaining)
            await Task.Delay(remaining, time, cancellationToken);
    }

    /// <summary>
    /// Begins a pause: of the length that the registry asked for, otherwise one that grows with every successive refusal.
    /// </summary>
    public TimeSpan Pause(TimeSpan? asked)
    {
        lock (_lock)
        {
            // Requests that were running when a pause began are refused, too: that counts as one refusal, however many requests it affects.
            var now = time.GetUtcNow();
            if (_refusals == 0 || now >= _until)
                _refusals++;
            var own = options.RateLimitDelay * (1 << Math.Min(_refusals - 1, 6));
            var pause = asked ?? (own < options.MaximumRateLimitDelay ? own : options.MaximumRateLimitDelay);
            var until = now + pause;
            if (pause <= options.MaximumRateLimitDelay && until > _until)
                _until = until;
            return pause;
        }
    }

    /// <summary>Notes that a request was accepted.</summary>
    public void Accepted()
    {
        if (Volatile.Read(ref _refusals) == 0)
            return;
        lock (_lock)
            _refusals = 0;
    }

    private TimeSpan Remaining()
    {
        lock (_lock)
            return _until == DateTimeOffset.MinValue ? TimeSpan.Zero : _until - time.GetUtcNow();
    }
}
