namespace Gantry.Http;

/// <summary>
/// Cancels an operation that makes no progress. A trickle does not count as progress: the time limit continues until
/// <see cref="Threshold"/> bytes have moved.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    /// <summary>The number of bytes that have to move within one time limit.</summary>
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

    /// <summary>True when the time limit was exceeded; false when a person cancelled.</summary>
    public bool Expired => _source.IsCancellationRequested && !_stopped;

    /// <summary>The time limit that was set last.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>Starts waiting for the peer, for the rest of the time limit.</summary>
    public void Watch(TimeSpan limit)
    {
        Limit = limit;
        _since = _time.GetTimestamp();
        var left = limit - _waited;
        _source.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>Stops waiting for the peer, after some bytes have moved.</summary>
    public void Rest(int moved)
    {
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
        _waited += _time.GetElapsedTime(_since);
        _moved += moved;
        if (_moved >= Threshold)
            Restart();
    }

    /// <summary>Resets the time limit after a completed step.</summary>
    public void Restart()
    {
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
        _waited = TimeSpan.Zero;
        _moved = 0;
    }

    /// <summary>Cancels because of a person's request.</summary>
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
