namespace Gantry.Registries.Remote;

/// <summary>
/// Cancels what makes no progress while it is waited for. Trickling does not count as progress: time goes on until
/// <see cref="Threshold"/> bytes have moved.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    /// <summary>The bytes that have to move within one time limit.</summary>
    public const int Threshold = 16 * 1024;

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _stopped;
    private TimeSpan _waited;
    private long _since;
    private int _moved;

    public Watchdog(TimeProvider time, CancellationToken outer)
    {
        _time = time;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = outer.UnsafeRegister(static state => ((Watchdog)state!).Stop(), this);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether the time was up, as opposed to a person having cancelled.</summary>
    public bool Expired => _source.IsCancellationRequested && !_stopped;

    /// <summary>The time limit that was set last.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>Waits for the peer from now on: for what is left of the time limit.</summary>
    public void Watch(TimeSpan limit)
    {
        Limit = limit;
        _since = _time.GetTimestamp();
        var left = limit - _waited;
        _source.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>Something moved, and it is not the peer that is waited for now.</summary>
    public void Rest(int moved)
    {
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
        _waited += _time.GetElapsedTime(_since);
        _moved += moved;
        if (_moved >= Threshold)
            Restart();
    }

    /// <summary>Begins the time limit anew: a step is done.</summary>
    public void Restart()
    {
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
        _waited = TimeSpan.Zero;
        _moved = 0;
    }

    /// <summary>Cancels because a person wants it.</summary>
    public void Stop()
    {
        _stopped = true;
        _source.Cancel();
    }

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
