using Gantry.Promotion;

namespace Gantry.Formatting;

/// <summary>Formats the status of environments as text: the same on a terminal, in a log and in a summary.</summary>
public static class EnvironmentStatusFormatter
{
    /// <summary>The columns of <see cref="Row"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["Environment", "Release", "Since", "By", "Image"];

    /// <summary>Formats one registry: its name, its release, since when, by whom, and the digest of each image.</summary>
    /// <param name="status">The status of the registry.</param>
    /// <param name="now">The present time.</param>
    public static IReadOnlyList<string> Row(EnvironmentStatus status, DateTimeOffset now) => status.Current is not { } current
        ? [status.Target.DisplayName, status.Problems.Count > 0 ? "cannot be read" : "none", "", "", ""]
        :
        [
            status.Target.DisplayName,
            current.Version,
            current.Since is { } since
                ? $"{Format.Time(since)} ({Format.Duration(now > since ? now - since : TimeSpan.Zero)})"
                : "not recorded",
            current.Record?.By.ToString() ?? "",
            string.Join('\n', current.Images.Select(image => $"{image.Name} {image.Digest.Algorithm}:{image.Digest.Short}")),
        ];

    /// <summary>Formats remarks: what is missing, was skipped, or cannot be read.</summary>
    public static IEnumerable<string> Notes(EnvironmentStatus status)
    {
        var name = status.Target.DisplayName;
        if (status.Current is { MissingImages: { Count: > 0 } missing } current)
            yield return $"{name}: {current.Version} is not complete, it lacks {string.Join(", ", missing)}";
        if (status.Current is { Since: null })
            yield return $"{name}: no promotion is recorded there, so the release is the highest version, and not necessarily the latest";
        if (status.Target.Environment.HasHosts && status.Current?.Record is { Hosts: null })
            yield return $"{name}: the images are in place, and nothing confirms that the hosts run them";
        if (status.SkippedVersions > 0)
            yield return $"{name}: {Format.Count(status.SkippedVersions, "lower version")} not looked at";
        foreach (var problem in status.Problems)
            yield return $"{name}: {problem.Message}";
    }
}
