using Gantry.Differences;

namespace Gantry.Formatting;

/// <summary>Formats what differs between two releases: in one line, or as a report.</summary>
public static class ReleaseDifferenceFormatter
{
    private const int ShortHash = 12;

    /// <summary>Formats a difference in one line: <c>12 commits, 3 packages changed, base image newer by 21 days</c>.</summary>
    /// <param name="difference">The difference.</param>
    public static string Summarize(ReleaseDifference difference)
    {
        var parts = Parts(difference).ToList();
        return parts.Count > 0 ? Format.Line(string.Join(", ", parts))
            : difference.Unknown.Count > 0 ? "nothing that could be compared"
            : "no difference";
    }

    /// <summary>Formats a difference as a report: commits, what differs in each image, and what could not be compared.</summary>
    /// <param name="difference">The difference.</param>
    public static TextReport Describe(ReleaseDifference difference) => DifferenceReport.Create(difference);

    /// <summary>Returns true when something differs, or could not be compared.</summary>
    /// <param name="difference">The difference.</param>
    public static bool MayDiffer(ReleaseDifference difference) => !IsEmpty(difference) || difference.Unknown.Count > 0;

    /// <summary>Returns true when nothing differs, as far as it could be compared.</summary>
    internal static bool IsEmpty(ReleaseDifference difference) =>
        difference.Commits.Count == 0 && difference.Images.All(image => image.IsSame);

    /// <summary>Shortens the hash of a commit.</summary>
    internal static string Shorten(string hash) => hash.Length > ShortHash ? hash[..ShortHash] : hash;

    private static IEnumerable<string> Parts(ReleaseDifference difference)
    {
        var (lost, added) = (difference.Commits.Count(commit => commit.IsRemoved), difference.Commits.Count(commit => !commit.IsRemoved));
        if (added > 0)
            yield return CountCommits(added);
        if (lost > 0)
            yield return $"{CountCommits(lost)} lost";

        // The images of one release have most of their packages in common.
        var packages = difference.Images.SelectMany(image => image.Packages).Distinct().Count();
        if (packages > 0)
            yield return $"{Format.Count(packages, "package")} changed";
        foreach (var text in difference.Images.Select(image => image.BaseImage).OfType<ChangedBaseImage>().Select(Describe).Distinct())
            yield return text;
        if (packages == 0 && lost + added == 0 && difference.Images.Count(image => !image.IsSame) is > 0 and var images)
            yield return $"{Format.Count(images, "image")} changed";
        foreach (var image in difference.Images.Where(image => image.From is null || image.To is null))
            yield return image.From is null ? $"{image.Image} is new" : $"{image.Image} is gone";
    }

    // One more than are listed means that there may be any number.
    private static string CountCommits(int count) =>
        count >= Limits.Commits ? $"at least {Format.Count(count, "commit")}" : Format.Count(count, "commit");

    /// <summary>Formats by how much a base image is newer or older.</summary>
    internal static string Describe(ChangedBaseImage image) => image.NewerBy switch
    {
        { } newer when newer > TimeSpan.Zero => $"base image newer by {Duration(newer)}",
        { } older when older < TimeSpan.Zero => $"base image older by {Duration(-older)}",
        _ => "another base image",
    };

    private static string Duration(TimeSpan time) => time.TotalDays >= 1 ? Format.Count(time.Days, "day") : Format.Duration(time);
}
