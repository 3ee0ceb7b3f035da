namespace Gantry.Testing.Faults;

/// <summary>A clock that moves only when it is told to. What its timers do is for those who derive from it to say.</summary>
public abstract class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Held while anything here is read or changed.</summary>
    protected Lock Turn { get; } = new();

    /// <summary>The time since the start.</summary>
    protected TimeSpan Now { get; set; }

    /// <summary>Done when a timer is set or no longer needed. Taken while <see cref="Turn"/> is held.</summary>
    protected Task Changed => _changed.Task;

    public override long GetTimestamp()
    {
        lock (Turn)
            return Now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>A timer is set, for the first time or again.</summary>
    protected internal abstract void Schedule(ManualTimer timer, TimeSpan dueTime);

    /// <summary>A timer is no longer needed.</summary>
    protected internal abstract void Remove(ManualTimer timer);

    /// <summary>Wakes those who wait for a change, while <see cref="Turn"/> is held.</summary>
    protected void SignalChange()
    {
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
