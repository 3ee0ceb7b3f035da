namespace Gantry.Testing.Faults;

/// <summary>
/// A clock that stands: whoever pauses waits until a test ends all pauses, so that a test sees who waits at the same time and for how long.
/// </summary>
public sealed class StoppedTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _paused = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _now;

    /// <summary>A time limit for the options of a session under test, which is never up.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromDays(1);

    /// <summary>The pauses of those who wait now.</summary>
    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (_lock)
                return [.. _paused.Select(timer => timer.Pause)];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp());

    /// <summary>Done when so many wait.</summary>
    public async Task PausedAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_paused.Count >= count)
                    return;
                changed = _changed.Task;
            }

            await changed;
        }
    }

    /// <summary>Lets so much time pass that everybody who waits goes on.</summary>
    public void EndPauses()
    {
        List<Timer> ended;
        lock (_lock)
        {
            ended = [.. _paused];
            _now += ended.Max(timer => timer.Pause);
            _paused.Clear();
        }

        ended.ForEach(timer => timer.Fire());
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
            _paused.Remove(timer);
            if (dueTime >= Limit || dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.Pause = dueTime;
            _paused.Add(timer);
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Remove(Timer timer)
    {
        lock (_lock)
            _paused.Remove(timer);
    }

    private sealed class Timer(StoppedTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Pause { get; set; }

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
