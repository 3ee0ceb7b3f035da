using Gantry.Differences;

namespace Gantry.Display.Reports;

/// <summary>Formats a difference in one line: <c>12 commits, 3 packages changed, base image newer by 21 days, +1.2 MiB</c>.</summary>
internal static class DifferenceSentence
{
    public static string Of(ReleaseDifference difference)
    {
        var parts = Parts(difference).ToList();
        if (difference.Unknown.Count > 0)
            parts.Add(parts.Count == 0 ? "cannot be compared" : "not all compared");
        return Format.Line($"from {difference.From} to {difference.To}: {(parts.Count == 0 ? "no difference" : string.Join(", ", parts))}");
    }

    private static IEnumerable<string> Parts(ReleaseDifference difference)
    {
        if (difference.Commits.Count(commit => !commit.IsRemoved) is var added and > 0)
            yield return Format.Count(added, "commit");
        if (difference.Commits.Count(commit => commit.IsRemoved) is var lost and > 0)
            yield return $"{Format.Count(lost, "commit")} lost";
        if (difference.Images.Sum(image => image.Packages.Count) is var packages and > 0)
            yield return $"{Format.Count(packages, "package")} changed";
        if (difference.Images.Select(image => image.BaseImage).FirstOrDefault(image => image is not null) is { } origin)
            yield return origin.NewerBy switch
            {
                { } by when by > TimeSpan.Zero => $"base image newer by {PageParts.Span(by)}",
                { } by when by < TimeSpan.Zero => $"base image older by {PageParts.Span(-by)}",
                _ => "other base image",
            };
        if (difference.Images.Sum(image => image.Settings.Count) is var settings and > 0)
            yield return $"{Format.Count(settings, "setting")} changed";
        if (difference.Images.Where(image => image.From is not null && image.To is not null)
            .Sum(image => image.SizeAfter - image.SizeBefore) is var bytes and not 0)
            yield return (bytes > 0 ? "+" : "−") + Format.Bytes(Math.Abs(bytes));
    }
}
