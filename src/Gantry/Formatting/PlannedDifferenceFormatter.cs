using Gantry.Differences;
using Gantry.Promotion;

namespace Gantry.Formatting;

/// <summary>Formats what a promotion changes at one target.</summary>
internal static class PlannedDifferenceFormatter
{
    private const int NamedCommits = 10;
    private const int NamedReasons = 3;

    public static IEnumerable<string> Describe(PlannedDifference planned)
    {
        var place = planned.Target.DisplayName;
        if (planned.Unknown is { } reason)
            return [Format.Line($"{place}: differences unknown: {reason}")];
        return planned.Difference is { } difference
            ? Lines(place, difference)
            : [Format.Line($"{place}: the first release there")];
    }

    private static IEnumerable<string> Lines(string place, ReleaseDifference difference)
    {
        // Nothing is said of a release that is there already, and only has to be recorded.
        if (difference.Unknown.Count == 0 && ReleaseDifferenceFormatter.IsEmpty(difference) && difference.From == difference.To)
            yield break;
        yield return Format.Line($"{place}: {ReleaseDifferenceFormatter.Summarize(difference)} since {difference.From}");
        var lost = difference.Commits.Where(commit => commit.IsRemoved).ToList();
        foreach (var commit in lost.Take(NamedCommits))
            yield return Format.Line($"{place} loses {ReleaseDifferenceFormatter.Shorten(commit.Hash)} {commit.Subject}");
        if (lost.Count > NamedCommits)
            yield return Format.Line($"{place} loses {Format.Count(lost.Count - NamedCommits, "commit")} more");
        foreach (var reason in difference.Unknown.Take(NamedReasons))
            yield return Format.Line($"{place}: differences unknown: {reason}");
    }
}
