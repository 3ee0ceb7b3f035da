namespace Gantry.Testing.Faults;

/// <summary>A clock that moves only on request. Derived classes define when its timers fire.</summary>
public abstract class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The lock of all state.</summary>
    protected Lock SyncRoot { get; } = new();

    /// <summary>The time since the start.</summary>
    protected TimeSpan Now { get; set; }

    /// <summary>Completes when a timer is set or disposed. Read it while holding <see cref="SyncRoot"/>.</summary>
    protected Task Changed => _changed.Task;

    public override long GetTimestamp()
    {
        lock (SyncRoot)
            return Now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Called when a timer is set, for the first time or again.</summary>
    protected internal abstract void Schedule(ManualTimer timer, TimeSpan dueTime);

    /// <summary>Called when a timer is disposed.</summary>
    protected internal abstract void Remove(ManualTimer timer);

    /// <summary>Wakes waiters for a change, while holding <see cref="SyncRoot"/>.</summary>
    protected void SignalChange()
    {
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
