namespace Gantry.Testing.Faults;

/// <summary>A clock that moves only when it is told to. What its timers do is for those who derive from it to say.</summary>
public abstract class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Held while anything here is read or changed.</summary>
    protected Lock Turn { get; } = new();

    /// <summary>The time since the start.</summary>
    protected TimeSpan Now { get; set; }

    public override long GetTimestamp()
    {
        lock (Turn)
            return Now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>A timer is set.</summary>
    protected abstract void Schedule(Timer timer, TimeSpan dueTime);

    /// <summary>A timer is no longer needed.</summary>
    protected abstract void Remove(Timer timer);

    /// <summary>A timer of this clock.</summary>
    protected sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        /// <summary>For the clock: a time, or a while.</summary>
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
