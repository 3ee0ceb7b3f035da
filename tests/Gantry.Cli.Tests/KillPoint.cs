namespace Gantry.Cli.Tests;

/// <summary>The moment of a copy at which its process is killed: the n-th time that something happens.</summary>
/// <param name="Kind">The kind of event; null for any.</param>
/// <param name="Number">The number of the event, from 1.</param>
internal sealed record KillPoint(string? Kind, int Number)
{
    /// <summary>
    /// Chooses kill points from the events of a complete copy: the first and the last event of each kind, and others at random.
    /// </summary>
    public static IEnumerable<KillPoint> Choose(IReadOnlyList<string> happened, int more, Random random)
    {
        var chosen = happened
            .GroupBy(kind => kind)
            .SelectMany(kind => new[] { 1, kind.Count() }.Distinct().Select(number => new KillPoint(kind.Key, number)));
        return [.. chosen, .. Enumerable.Range(0, more).Select(_ => new KillPoint(null, random.Next(1, happened.Count + 1)))];
    }

    /// <summary>True when the last of these events is the chosen one.</summary>
    public bool IsReached(IReadOnlyList<string> happened) =>
        (Kind is null || happened[^1] == Kind) && happened.Count(kind => Kind is null || kind == Kind) == Number;
}

/// <summary>The progress of a request when the process is killed.</summary>
internal enum RequestMoment
{
    /// <summary>The registry has not received it.</summary>
    Before,

    /// <summary>The registry has received half of its body.</summary>
    Half,

    /// <summary>The registry has executed it, and its answer is lost.</summary>
    After,
}
