namespace Gantry.Testing.Faults;

/// <summary>
/// A stopped clock: pauses last until a test ends all of them, so that it sees how many wait at the same time and for how long.
/// </summary>
public sealed class StoppedTime : ManualTime
{
    private readonly List<ManualTimer> _paused = [];

    /// <summary>A time limit for the options of a session under test; it never expires.</summary>
    public static TimeSpan TimeLimit { get; } = TimeSpan.FromDays(1);

    /// <summary>Gets the current pauses.</summary>
    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (SyncRoot)
                return [.. _paused.Select(timer => timer.Due)];
        }
    }

    /// <summary>Completes when there are so many pauses.</summary>
    public async Task WaitForPausesAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (SyncRoot)
            {
                if (_paused.Count >= count)
                    return;
                changed = Changed;
            }

            await changed;
        }
    }

    /// <summary>Advances the clock until all pauses end.</summary>
    public void EndPauses()
    {
        List<ManualTimer> ended;
        lock (SyncRoot)
        {
            ended = [.. _paused];
            Now += ended.Max(timer => timer.Due);
            _paused.Clear();
        }

        ended.ForEach(timer => timer.Fire());
    }

    protected internal override void Schedule(ManualTimer timer, TimeSpan dueTime)
    {
        lock (SyncRoot)
        {
            _paused.Remove(timer);
            if (dueTime >= TimeLimit || dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.Due = dueTime;
            _paused.Add(timer);
            SignalChange();
        }
    }

    protected internal override void Remove(ManualTimer timer)
    {
        lock (SyncRoot)
            _paused.Remove(timer);
    }
}
