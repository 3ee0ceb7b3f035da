namespace Gantry.Testing.Faults;

/// <summary>
/// A clock for tests that do not wait: pauses end at once, and the time that they would have taken has passed then. Time limits, which
/// are longer than <see cref="Patience"/>, are up only when a test lets time pass.
/// </summary>
public sealed class ImpatientTime : ManualTime
{
    private readonly List<Timer> _waiting = [];
    private readonly List<TimeSpan> _pauses = [];

    /// <summary>What takes longer is a time limit, and no pause.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(30);

    /// <summary>A time limit for the options of a session under test.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromHours(1);

    /// <summary>The pauses that were taken, in their order.</summary>
    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (Turn)
                return [.. _pauses];
        }
    }

    /// <summary>Lets time pass; limits that are up by then are told so.</summary>
    public void Advance(TimeSpan time)
    {
        List<Timer> due;
        lock (Turn)
        {
            Now += time;
            due = _waiting.FindAll(timer => timer.Due <= Now);
            _waiting.RemoveAll(due.Contains);
        }

        due.ForEach(timer => timer.Fire());
    }

    protected override void Schedule(Timer timer, TimeSpan dueTime)
    {
        lock (Turn)
        {
            _waiting.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            if (dueTime > Patience)
            {
                timer.Due = Now + dueTime;
                _waiting.Add(timer);
                return;
            }

            Now += dueTime;
            _pauses.Add(dueTime);
        }

        ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), timer, preferLocal: false);
    }

    protected override void Remove(Timer timer)
    {
        lock (Turn)
            _waiting.Remove(timer);
    }
}
