namespace Gantry.Testing.Faults;

/// <summary>
/// A clock for tests that do not wait: pauses end at once, and the time that they would have taken has passed then. Time limits, which
/// are longer than <see cref="Patience"/>, are up only when a test lets time pass.
/// </summary>
public sealed class ImpatientTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _waiting = [];
    private readonly List<TimeSpan> _pauses = [];
    private TimeSpan _now;

    /// <summary>What takes longer is a time limit, and no pause.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(30);

    /// <summary>A time limit for the options of a session under test.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromHours(1);

    /// <summary>The pauses that were taken, in their order.</summary>
    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (_lock)
                return [.. _pauses];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp());

    /// <summary>Lets time pass; limits that are up by then are told so.</summary>
    public void Advance(TimeSpan time)
    {
        List<Timer> due;
        lock (_lock)
        {
            _now += time;
            due = _waiting.FindAll(timer => timer.Due <= _now);
            _waiting.RemoveAll(due.Contains);
        }

        due.ForEach(timer => timer.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Schedule(Timer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _waiting.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            if (dueTime > Patience)
            {
                timer.Due = _now + dueTime;
                _waiting.Add(timer);
                return;
            }

            _now += dueTime;
            _pauses.Add(dueTime);
        }

        ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), timer, preferLocal: false);
    }

    private void Remove(Timer timer)
    {
        lock (_lock)
            _waiting.Remove(timer);
    }

    private sealed class Timer(ImpatientTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Schedule(this, dueTime);
            return true;
        }

        public void Fire() => callback(state);

        public void Dispose() => time.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
