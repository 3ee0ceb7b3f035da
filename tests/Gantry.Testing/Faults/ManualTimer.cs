namespace Gantry.Testing.Faults;

/// <summary>A timer of a <see cref="ManualTime"/>.</summary>
public sealed class ManualTimer : ITimer
{
    private readonly ManualTime _time;
    private readonly TimerCallback _callback;
    private readonly object? _state;

    internal ManualTimer(ManualTime time, TimerCallback callback, object? state) => (_time, _callback, _state) = (time, callback, state);

    /// <summary>For the clock: the due time, absolute or relative.</summary>
    internal TimeSpan Due { get; set; }

    /// <summary>For the clock: the number of times that the timer was set.</summary>
    internal int ScheduleCount { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _time.Schedule(this, dueTime);
        return true;
    }

    public void Dispose() => _time.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire() => _callback(_state);
}
