using System.Globalization;

namespace Gantry.Testing.Simulation;

/// <summary>The kinds of requests that have limits of their own.</summary>
internal enum RequestKind
{
    Read,
    Write,
    ReferrerList,
}

/// <summary>One registry of a simulation, as all of its clients share it.</summary>
internal sealed class SimulatedRegistry(string name, RegistryConditions conditions, VirtualTime time)
{
    private readonly Dictionary<string, Meter> _identities = new(StringComparer.Ordinal);
    private readonly Meter _all = new("", conditions.Limits);
    private readonly Road _download = new(conditions.DownloadSpeed);
    private readonly Road _upload = new(conditions.UploadSpeed);

    public string Name => name;

    public RegistryConditions Conditions => conditions;

    public RegistryTraffic Traffic { get; } = new(name);

    public bool Fails => conditions.FailsFrom is { } from && time.Elapsed >= from;

    /// <summary>Counts a request. Returns null when it is answered, or when the client may try again.</summary>
    public TimeSpan? Admit(string identity, RequestKind kind)
    {
        if (!_identities.TryGetValue(identity, out var own))
            _identities[identity] = own = new Meter(" of one identity", conditions.IdentityLimits);
        if (kind == RequestKind.Write)
            Traffic.Writes++;
        else
            Traffic.Reads++;
        Traffic.Last = time.Elapsed;
        if ((own.FindExceeded(kind, time.Elapsed) ?? _all.FindExceeded(kind, time.Elapsed)) is not { } exceeded)
        {
            own.Count(kind);
            _all.Count(kind);
            return null;
        }

        Traffic.Throttled++;
        var pause = Meter.NextMinute(time.Elapsed) - time.Elapsed;
        Traffic.NoteWait(exceeded, time.Elapsed, pause);
        return pause;
    }

    public Task DownloadAsync(long bytes, CancellationToken cancellationToken)
    {
        Traffic.BytesRead += bytes;
        return CarryAsync(_download, bytes, "the speed of reading", cancellationToken);
    }

    public Task UploadAsync(long bytes, CancellationToken cancellationToken)
    {
        Traffic.BytesWritten += bytes;
        return CarryAsync(_upload, bytes, "the speed of writing", cancellationToken);
    }

    private async Task CarryAsync(Road road, long bytes, string what, CancellationToken cancellationToken)
    {
        var (from, until) = road.Take(time.Elapsed, bytes);
        Traffic.NoteWait(what, from, until - from);
        await time.DelayAsync(until - time.Elapsed, cancellationToken);
        Traffic.Last = time.Elapsed;
    }

    // Whatever is sent at the same time shares the speed. One after the other takes as long in all.
    private sealed class Road(double speed)
    {
        private TimeSpan _free;

        public (TimeSpan From, TimeSpan Until) Take(TimeSpan now, long bytes)
        {
            var from = _free > now ? _free : now;
            return (from, _free = from + TimeSpan.FromSeconds(bytes / speed));
        }
    }

    private sealed class Meter(string ofWhom, RequestLimits limits)
    {
        private long _minute = -1;
        private int _reads;
        private int _writes;
        private int _lists;

        public static TimeSpan NextMinute(TimeSpan now) => TimeSpan.FromMinutes(MinuteOf(now) + 1);

        public string? FindExceeded(RequestKind kind, TimeSpan now)
        {
            if (MinuteOf(now) != _minute)
                (_minute, _reads, _writes, _lists) = (MinuteOf(now), 0, 0, 0);
            if (kind == RequestKind.Write)
                return Describe(_writes, limits.Writes, "writes");
            return kind == RequestKind.ReferrerList && Describe(_lists, limits.ReferrerLists, "lists of referrers") is { } lists
                ? lists
                : Describe(_reads, limits.Reads, "reads");
        }

        public void Count(RequestKind kind)
        {
            if (kind == RequestKind.Write)
                _writes++;
            else
                _reads++;
            if (kind == RequestKind.ReferrerList)
                _lists++;
        }

        private string? Describe(int count, int? limit, string what) => limit is { } most && count >= most
            ? string.Create(CultureInfo.InvariantCulture, $"{most:N0} {what} a minute{ofWhom}")
            : null;

        private static long MinuteOf(TimeSpan now) => now.Ticks / TimeSpan.TicksPerMinute;
    }
}

/// <summary>What went to one registry, and what it made its clients wait for.</summary>
/// <param name="name">The name of the registry.</param>
public sealed class RegistryTraffic(string name)
{
    private readonly Dictionary<string, (TimeSpan Until, TimeSpan Sum)> _waits = new(StringComparer.Ordinal);

    /// <summary>The name of the registry.</summary>
    public string Name => name;

    /// <summary>The requests that read, those that were refused included.</summary>
    public int Reads { get; internal set; }

    /// <summary>The requests that write, those that were refused included.</summary>
    public int Writes { get; internal set; }

    /// <summary>The requests that were answered with 429.</summary>
    public int Throttled { get; internal set; }

    /// <summary>The bytes that were read.</summary>
    public long BytesRead { get; internal set; }

    /// <summary>The bytes that were written.</summary>
    public long BytesWritten { get; internal set; }

    /// <summary>The time of the last answer, since the beginning.</summary>
    public TimeSpan Last { get; internal set; }

    /// <summary>The time that each limit took, by its name.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Waits => _waits.ToDictionary(wait => wait.Key, wait => wait.Value.Sum);

    // Those that wait at the same time wait once.
    internal void NoteWait(string limit, TimeSpan from, TimeSpan duration)
    {
        var (until, sum) = _waits.GetValueOrDefault(limit);
        var end = from + duration;
        var added = end - (from > until ? from : until);
        if (added > TimeSpan.Zero)
            _waits[limit] = (end, sum + added);
    }
}
