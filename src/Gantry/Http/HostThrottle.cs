namespace Gantry.Http;

/// <summary>Delays all requests to one host while a pause that it asked for lasts.</summary>
internal sealed class HostThrottle(string host, HttpTransportOptions transport)
{
    private readonly HttpRetryOptions _options = transport.Retry;
    private readonly TimeProvider _time = transport.TimeProvider;
    private readonly Lock _lock = new();
    private DateTimeOffset _until = DateTimeOffset.MinValue;
    private int _refusals;

    /// <summary>Waits until the pause is over.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Remaining() is { Ticks: > 0 } remaining)
            await Task.Delay(remaining, _time, cancellationToken);
    }

    /// <summary>
    /// Begins a pause: of the length that the registry asked for, otherwise one that grows with every successive refusal.
    /// </summary>
    /// <param name="asked">The length that the registry asked for; null when it asked for none.</param>
    /// <param name="longest">The maximum length of a pause that it did not ask for.</param>
    public TimeSpan Pause(TimeSpan? asked, TimeSpan? longest = null)
    {
        lock (_lock)
        {
            // Requests that were running when a pause began are refused, too: that counts as one refusal, however many requests it affects.
            var now = _time.GetUtcNow();
            if (_refusals == 0 || now >= _until)
                _refusals++;
            var own = _options.RateLimitDelay * (1 << Math.Min(_refusals - 1, 6));
            var pause = asked is { } wanted ? Max(wanted, _options.Delay) : Min(own, longest ?? _options.MaximumRateLimitDelay);
            if (pause <= _options.MaximumRateLimitDelay && now + pause > _until)
            {
                _until = now + pause;
                Report(pause, asked is not null);
            }

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

    private void Report(TimeSpan pause, bool asked)
    {
        if (pause >= Limits.ShortestPauseToReport)
            transport.Notice?.Invoke(
                $"{host} {(asked ? "asks to wait" : "limits the rate of requests: waiting")} {Format.Duration(pause)}");
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private TimeSpan Remaining()
    {
        lock (_lock)
            return _until == DateTimeOffset.MinValue ? TimeSpan.Zero : _until - _time.GetUtcNow();
    }
}
