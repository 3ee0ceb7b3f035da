namespace Gantry.Cli.Tests;

/// <summary>A moment of a copy at which it is killed: when something happens for the n-th time.</summary>
/// <param name="Kind">What happens; null for anything.</param>
/// <param name="Number">Counted from 1.</param>
internal sealed record KillPoint(string? Kind, int Number)
{
    /// <summary>
    /// Gets the points that are chosen, the first and the last time of each kind of thing that happens in a whole copy, and others at random.
    /// </summary>
    public static IEnumerable<KillPoint> Choose(IReadOnlyList<string> happened, int more, Random random)
    {
        var chosen = happened.GroupBy(kind => kind).SelectMany(kind => new[] { 1, kind.Count() }.Distinct().Select(number => new KillPoint(kind.Key, number)));
        return [.. chosen, .. Enumerable.Range(0, more).Select(_ => new KillPoint(null, random.Next(1, happened.Count + 1)))];
    }

    /// <summary>True for what has just happened, the last of all that has.</summary>
    public bool IsReached(IReadOnlyList<string> happened) =>
        (Kind is null || happened[^1] == Kind) && happened.Count(kind => Kind is null || kind == Kind) == Number;
}

/// <summary>How far a request has come.</summary>
internal enum RequestMoment
{
    /// <summary>The registry has not seen it.</summary>
    Before,

    /// <summary>The registry has half of its body.</summary>
    Half,

    /// <summary>The registry has done it, and its answer is lost.</summary>
    After,
}
