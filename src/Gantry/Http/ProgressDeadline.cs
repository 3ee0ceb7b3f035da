namespace Gantry.Http;

/// <summary>
/// The time that one operation may wait without progress, over all its attempts: for answers, for bytes, and in pauses of its own. Bytes
/// that are transferred once more are no progress, and their transfer is no waiting. Pauses that a server asks for have a limit of their
/// own.
/// </summary>
internal sealed class ProgressDeadline : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly TimeSpan _longestAskedPause;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly ITimer? _timer;
    private TimeSpan _waited;
    private TimeSpan _asked;
    private long _since;
    private long _bytes;
    private (string Host, string What)? _waitingFor;

    /// <param name="limit">The limit of the waiting.</param>
    /// <param name="longestAskedPause">The limit of the pauses that servers ask for, all together.</param>
    /// <param name="time">The clock.</param>
    /// <param name="notice">Receives a line now and then while something is awaited; null for none.</param>
    public ProgressDeadline(TimeSpan limit, TimeSpan longestAskedPause, TimeProvider time, Action<string>? notice)
    {
        _limit = limit;
        _longestAskedPause = longestAskedPause;
        _time = time;
        _since = time.GetTimestamp();
        if (notice is not null)
            _timer = time.CreateTimer(_ => Report(notice), null, Limits.NoticeInterval, Limits.NoticeInterval);
    }

    /// <summary>The waiting so far.</summary>
    public TimeSpan Waited
    {
        get
        {
            lock (_lock)
                return _waited;
        }
    }

    /// <summary>True when no further attempt is made.</summary>
    public bool IsOver => Remaining <= TimeSpan.Zero;

    /// <summary>The time that the next wait may take.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
                return _limit - _waited;
        }
    }

    /// <summary>Notes that something is awaited from now on.</summary>
    public void Begin(string host, string what)
    {
        lock (_lock)
        {
            _since = _time.GetTimestamp();
            _waitingFor = (host, what);
        }
    }

    /// <summary>Notes that nothing is awaited any more, because it has come.</summary>
    public void End()
    {
        lock (_lock)
        {
            _since = _time.GetTimestamp();
            _waitingFor = null;
        }
    }

    /// <summary>Notes that the waiting since <see cref="Begin"/> was in vain.</summary>
    /// <param name="atLeast">The time that it took at least, when bytes have come that do not count.</param>
    public void Fail(TimeSpan atLeast = default)
    {
        lock (_lock)
        {
            var elapsed = _waitingFor is null ? TimeSpan.Zero : _time.GetElapsedTime(_since);
            _waited += elapsed > atLeast ? elapsed : atLeast;
            _waitingFor = null;
        }
    }

    /// <summary>Notes a pause that no server has asked for.</summary>
    public void AddPause(TimeSpan pause)
    {
        lock (_lock)
            _waited += pause;
    }

    /// <summary>Grants a pause that a server asks for; returns false when all of them together would take too long.</summary>
    public bool Grant(TimeSpan pause)
    {
        lock (_lock)
        {
            if (pause > _longestAskedPause - _asked)
                return false;
            _asked += pause;
            return true;
        }
    }

    /// <summary>Notes that so many bytes have moved that had not moved before.</summary>
    public void Advance(long bytes)
    {
        lock (_lock)
        {
            _bytes += bytes;
            if (_bytes < Watchdog.Threshold)
                return;
            _bytes = 0;
            _waited = TimeSpan.Zero;
            _asked = TimeSpan.Zero;
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Report(Action<string> notice)
    {
        (string Host, string What) waitingFor;
        TimeSpan waited;
        lock (_lock)
        {
            waited = _waited + _time.GetElapsedTime(_since);
            if (_waitingFor is null || _time.GetElapsedTime(_since) < Limits.NoticeInterval / 2)
                return;
            waitingFor = _waitingFor.Value;
        }

        var what = waitingFor.What.Length == 0 ? "" : $" while {waitingFor.What}";
        notice($"{waitingFor.Host} makes no progress{what}: {Format.Duration(waited)} of at most {Format.Duration(_limit)}");
    }
}
