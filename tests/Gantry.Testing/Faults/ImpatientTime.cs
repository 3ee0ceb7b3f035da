namespace Gantry.Testing.Faults;

/// <summary>
/// A clock for tests that do not wait: pauses end at once, and the time that they would have taken has passed then. Time limits, which
/// are longer than <see cref="Patience"/>, are up only when a test lets time pass.
/// </summary>
public sealed class ImpatientTime : ManualTime
{
    private readonly HashSet<ManualTimer> _alive = [];
    private readonly HashSet<ManualTimer> _waiting = [];
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
        List<ManualTimer> due;
        lock (Turn)
        {
            Now += time;
            due = TakeDue(_waiting);
        }

        due.ForEach(timer => timer.Fire());
    }

    /// <summary>Gets the time limits of everything that is under way now.</summary>
    public Limits UnderWay()
    {
        lock (Turn)
            return new Limits(this, _alive);
    }

    protected internal override void Schedule(ManualTimer timer, TimeSpan dueTime)
    {
        lock (Turn)
        {
            _alive.Add(timer);
            _waiting.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.Settings++;
            SignalChange();
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

    protected internal override void Remove(ManualTimer timer)
    {
        lock (Turn)
        {
            _alive.Remove(timer);
            _waiting.Remove(timer);
            SignalChange();
        }
    }

    // While the turn is held. A limit is up once.
    private List<ManualTimer> TakeDue(IReadOnlySet<ManualTimer> timers)
    {
        var due = timers.Where(timer => _waiting.Contains(timer) && timer.Due <= Now).ToList();
        _waiting.ExceptWith(due);
        _alive.ExceptWith(due);
        return due;
    }

    /// <summary>
    /// The time limits of what was under way at one moment, for as long as it is. Time that passes for these stops passing when the last
    /// of them is up or no longer needed: before anything begins that follows from it.
    /// </summary>
    public sealed class Limits
    {
        private readonly ImpatientTime _time;
        private readonly HashSet<ManualTimer> _timers;
        private int _settings;

        internal Limits(ImpatientTime time, IEnumerable<ManualTimer> timers)
        {
            _time = time;
            _timers = [.. timers];
            _settings = _timers.Sum(timer => timer.Settings);
        }

        /// <summary>Waits until one of them is set again, or none is left.</summary>
        public Task SetAgainAsync(CancellationToken cancellationToken) => WaitAsync(
            () =>
            {
                var before = _settings;
                _settings = _timers.Sum(timer => timer.Settings);
                return _settings != before || !AreLeft();
            },
            cancellationToken);

        /// <summary>Lets time pass as soon as one of them is waited for. Returns false when none is left.</summary>
        public async Task<bool> PassAsync(TimeSpan time, CancellationToken cancellationToken)
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

        // Asks while the turn is held, and again after every change.
        private async Task WaitAsync(Func<bool> isDone, CancellationToken cancellationToken)
        {
            while (true)
            {
                Task changed;
                lock (_time.Turn)
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
