namespace Gantry.Testing.Faults;

/// <summary>
/// A clock that stands: whoever pauses waits until a test ends all pauses, so that a test sees who waits at the same time and for how long.
/// </summary>
public sealed class StoppedTime : ManualTime
{
    private readonly List<ManualTimer> _paused = [];

    /// <summary>A time limit for the options of a session under test, which is never up.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromDays(1);

    /// <summary>The pauses of those who wait now.</summary>
    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (Turn)
                return [.. _paused.Select(timer => timer.Due)];
        }
    }

    /// <summary>Done when so many wait.</summary>
    public async Task PausedAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (Turn)
            {
                if (_paused.Count >= count)
                    return;
                changed = Changed;
            }

            await changed;
        }
    }

    /// <summary>Lets so much time pass that everybody who waits goes on.</summary>
    public void EndPauses()
    {
        List<ManualTimer> ended;
        lock (Turn)
        {
            ended = [.. _paused];
            Now += ended.Max(timer => timer.Due);
            _paused.Clear();
        }

        ended.ForEach(timer => timer.Fire());
    }

    protected internal override void Schedule(ManualTimer timer, TimeSpan dueTime)
    {
        lock (Turn)
        {
            _paused.Remove(timer);
            if (dueTime >= Limit || dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.Due = dueTime;
            _paused.Add(timer);
            SignalChange();
        }
    }

    protected internal override void Remove(ManualTimer timer)
    {
        lock (Turn)
            _paused.Remove(timer);
    }
}
