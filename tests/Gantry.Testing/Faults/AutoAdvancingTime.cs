namespace Gantry.Testing.Faults;

/// <summary>
/// A clock for tests that do not wait: pauses end immediately and advance the clock by their length. Time limits, which are longer than
/// <see cref="LongestPause"/>, expire only when a test advances the clock.
/// </summary>
public sealed class AutoAdvancingTime : ManualTime
{
    private readonly HashSet<ManualTimer> _alive = [];
    private readonly HashSet<ManualTimer> _waiting = [];
    private readonly List<TimeSpan> _pauses = [];

    /// <summary>The longest pause; longer timers are time limits.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromMinutes(30);

    /// <summary>A time limit for the options of a session under test.</summary>
    public static TimeSpan TimeLimit { get; } = TimeSpan.FromHours(1);

    /// <summary>The longest pause of this clock, for tests of time limits that are shorter than <see cref="LongestPause"/>.</summary>
    public TimeSpan PausesUpTo { get; init; } = LongestPause;

    /// <summary>Gets the pauses, in order.</summary>
    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (SyncRoot)
                return [.. _pauses];
        }
    }

    /// <summary>Advances the clock; time limits that have expired by then fire.</summary>
    public void Advance(TimeSpan time)
    {
        List<ManualTimer> due;
        lock (SyncRoot)
        {
            Now += time;
            due = TakeDue(_waiting);
        }

        due.ForEach(timer => timer.Fire());
    }

    /// <summary>Gets the time limits of all current operations.</summary>
    public TimeLimits PendingLimits()
    {
        lock (SyncRoot)
            return new TimeLimits(this, _alive);
    }

    protected internal override void Schedule(ManualTimer timer, TimeSpan dueTime)
    {
        lock (SyncRoot)
        {
            _alive.Add(timer);
            _waiting.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.ScheduleCount++;
            SignalChange();
            if (dueTime > PausesUpTo)
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

    protected internal override void Remove(ManualTimer timer)
    {
        lock (SyncRoot)
        {
            _alive.Remove(timer);
            _waiting.Remove(timer);
            SignalChange();
        }
    }

    // Called while holding the lock. A limit expires once.
    private List<ManualTimer> TakeDue(IReadOnlySet<ManualTimer> timers)
    {
        var due = timers.Where(timer => _waiting.Contains(timer) && timer.Due <= Now).ToList();
        _waiting.ExceptWith(due);
        _alive.ExceptWith(due);
        return due;
    }

    /// <summary>
    /// The time limits of the operations at one moment, until they end. Advancing these stops when the last of them has expired or was
    /// disposed: before operations that follow from it begin.
    /// </summary>
    public sealed class TimeLimits
    {
        private readonly AutoAdvancingTime _time;
        private readonly HashSet<ManualTimer> _timers;
        private int _settings;

        internal TimeLimits(AutoAdvancingTime time, IEnumerable<ManualTimer> timers)
        {
            _time = time;
            _timers = [.. timers];
            _settings = _timers.Sum(timer => timer.ScheduleCount);
        }

        /// <summary>Waits until one of them is set again, or none is left.</summary>
        public Task WaitForRescheduleAsync(CancellationToken cancellationToken) => WaitAsync(
            () =>
            {
                var before = _settings;
                _settings = _timers.Sum(timer => timer.ScheduleCount);
                return _settings != before || !AreLeft();
            },
            cancellationToken);

        /// <summary>Advances the clock as soon as one of them is awaited. Returns false when none is left.</summary>
        public async Task<bool> AdvanceWhenAwaitedAsync(TimeSpan time, CancellationToken cancellationToken)
        {
            List<ManualTimer> due = [];
            var areLeft = false;
            await WaitAsync(
                () =>
                {
                    areLeft = AreLeft();
                    if (!_timers.Overlaps(_time._waiting))
                        return !areLeft;
                    _time.Now += time;
                    due = _time.TakeDue(_timers);
                    return true;
                },
                cancellationToken);
            due.ForEach(timer => timer.Fire());
            return areLeft;
        }

        // Evaluates the condition while holding the lock, and again after every change.
        private async Task WaitAsync(Func<bool> isDone, CancellationToken cancellationToken)
        {
            while (true)
            {
                Task changed;
                lock (_time.SyncRoot)
                {
                    if (isDone())
                        return;
                    changed = _time.Changed;
                }

                await changed.WaitAsync(cancellationToken);
            }
        }

        private bool AreLeft() => _timers.Overlaps(_time._alive);
    }
}
