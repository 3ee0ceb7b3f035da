namespace Gantry.Testing.Simulation;

/// <summary>
/// A clock that jumps from one event to the next, and the scheduler of everything that waits for it. All work runs on the thread that
/// calls <see cref="Run"/>, one piece after the other in the order in which it became ready, so that the same work gives the same events.
/// </summary>
/// <remarks>
/// What waits for something else than this clock (a temporary file) continues when that is there. It must not be what decides when the
/// next request is sent: the clock does not wait for it.
/// </remarks>
public sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Func<bool>, (long Due, long Number)> _events = new();
    private readonly OneThreadScheduler _scheduler = new();
    private long _now;
    private long _number;

    /// <summary>Gets the time since the beginning.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _now));

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => s_start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _now);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs work until it is done. Time passes only while all of it waits.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        // Work would continue in the context instead of here.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return RunHere(work);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Completes when the time has passed.</summary>
    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (delay <= TimeSpan.Zero)
            return Task.CompletedTask;
        var passed = new TaskCompletionSource();
        var registration = cancellationToken.Register(() => passed.TrySetCanceled(cancellationToken));
        Add(delay, isAwaited: () => !passed.Task.IsCompleted, () =>
        {
            registration.Dispose();
            passed.TrySetResult();
        });
        return passed.Task;
    }

    private T RunHere<T>(Func<Task<T>> work)
    {
        _scheduler.TakeThread();
        var root = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();

        // Wakes the scheduler if the end comes from another thread.
        _ = root.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.DenyChildAttach, _scheduler);
        while (!root.IsCompleted)
        {
            if (!_scheduler.RunNext() && !RaiseNext())
                _scheduler.Wait();
        }

        return root.GetAwaiter().GetResult();
    }

    // Time does not pass for what is no longer awaited.
    private void Add(TimeSpan delay, Func<bool> isAwaited, Action raise)
    {
        var due = _now + delay.Ticks;
        _events.Enqueue(
            () =>
            {
                if (!isAwaited())
                    return false;
                Interlocked.Exchange(ref _now, due);
                raise();
                return true;
            },
            (due, _number++));
    }

    private bool RaiseNext()
    {
        while (_events.TryDequeue(out var raise, out _))
        {
            if (raise())
                return true;
        }

        return false;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan)
                time.Add(dueTime, () => version == _version, () => Raise(version, period));
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Raise(int version, TimeSpan period)
        {
            if (period > TimeSpan.Zero)
                time.Add(period, () => version == _version, () => Raise(version, period));
            callback(state);
        }
    }

    private sealed class OneThreadScheduler : TaskScheduler
    {
        private readonly Queue<Task> _ready = new();
        private int _thread;

        public void TakeThread() => _thread = Environment.CurrentManagedThreadId;

        public bool RunNext()
        {
            Task? next;
            lock (_ready)
                _ready.TryDequeue(out next);
            return next is not null && (TryExecuteTask(next) || true);
        }

        public void Wait()
        {
            lock (_ready)
            {
                while (_ready.Count == 0)
                    Monitor.Wait(_ready);
            }
        }

        protected override void QueueTask(Task task)
        {
            lock (_ready)
            {
                _ready.Enqueue(task);
                Monitor.Pulse(_ready);
            }
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
            !taskWasPreviouslyQueued && Environment.CurrentManagedThreadId == _thread && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks()
        {
            lock (_ready)
                return [.. _ready];
        }
    }
}
