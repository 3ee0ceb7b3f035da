using Gantry.Promotion;

namespace Gantry.Formatting;

/// <summary>Formats the status of environments as text: the same on a terminal, in a log and in a summary.</summary>
public static class EnvironmentStatusFormatter
{
    private const int NamedVersions = 5;

    /// <summary>The columns of <see cref="Row"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["Environment", "Release", "Since", "By", "Signed", "Image"];

    /// <summary>Formats one registry: its name, its release, since when, by whom, signed or not, and the digest of each image.</summary>
    /// <param name="status">The status of the registry.</param>
    /// <param name="now">The present time.</param>
    public static IReadOnlyList<string> Row(EnvironmentStatus status, DateTimeOffset now) => status.Release is not { } release
        ? [status.Target.DisplayName, Nothing(status.Problems), "", "", "", ""]
        :
        [
            status.Target.DisplayName,
            Format.Line(status.Problems.Count > 0 ? $"{release.Version} (see below)" : release.Version),
            Format.Line(Since(release, now)),
            Format.Line($"{release.Record?.By}"),
            Signed(release),
            string.Join(
                '\n', release.Images.Select(image => Format.Line($"{image.Name} {image.Digest.Algorithm}:{image.Digest.Short}"))),
        ];

    /// <summary>Formats the problems of an environment: what differs, is missing, or cannot be read.</summary>
    public static IEnumerable<string> Problems(EnvironmentStatus status) =>
        status.Problems.Select(problem => Format.Line($"{status.Target.DisplayName}: {problem.Message}"));

    /// <summary>Formats the problems of several environments. What concerns all regions of one environment is there once.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<EnvironmentStatus> environments) => environments
        .SelectMany(status => status.Problems.Zip(Problems(status)))
        .DistinctBy(problem => IsOfAllRegions(problem.First) ? problem.First.Message : problem.Second)
        .Select(problem => problem.Second);

    /// <summary>Formats remarks about what is no error.</summary>
    public static IEnumerable<string> Notes(EnvironmentStatus status) => Lines(status).Select(DisplayText.Neutralize);

    // A region that was read and has no release differs from the others, and that is all that is wrong with it.
    private static string Nothing(IReadOnlyList<GantryException> problems) =>
        problems.Count == 0 ? "none"
        : problems.All(problem => IsOfAllRegions(problem) || problem.Code == "GAN5014") ? "none (see below)"
        : "cannot be read";

    private static bool IsOfAllRegions(GantryException problem) => problem.Code == "GAN4058";

    private static IEnumerable<string> Lines(EnvironmentStatus status)
    {
        var name = status.Target.DisplayName;
        if (status.Release is { Since: null })
            yield return $"{name}: no promotion is recorded there, so the release is the highest version, and not necessarily the latest";
        if (status.Target.Environment.HasHosts && status.Release is { Record: not null, HostsConfirmed: false })
            yield return $"{name}: the images are in place, and nothing confirms that the hosts run them";
        if (status.Target.Trust is null)
            yield return $"{name}: not signed: there is no key for it";
        if (status.Release is { OpenBypass: { } bypass } bypassed)
            yield return $"{name}: {bypassed.Version} has not come the normal way yet ({bypass})";
        if (status.UnrecordedVersions.Count > 0)
            yield return $"{name}: images without a promotion record: {Names(status.UnrecordedVersions)}";
        if (status.IgnoredPlaces.Count > 0)
            yield return $"{name}: promotion records of other places do not count there: {Names(status.IgnoredPlaces)}";
    }

    private static string Signed(PromotedRelease release) => release switch
    {
        { Record: null } => "",
        { Record.Signature: null } => "no",
        { OpenBypass: not null } => "yes, bypass",
        _ => "yes",
    };

    private static string Since(PromotedRelease release, DateTimeOffset now) => release switch
    {
        { Since: null } => "not recorded",
        { Since: { } since, Superseded: { } by } =>
            $"{Format.Time(since)}, superseded at {Format.Time(by.Promoted)} by {by.Version}",
        { Since: { } since } => $"{Format.Time(since)} ({Format.Duration(now > since ? now - since : TimeSpan.Zero)})",
    };

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamedVersions)) + (names.Count > NamedVersions ? $" and {names.Count - NamedVersions} more" : "");
}
