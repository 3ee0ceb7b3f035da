using Gantry.Differences;

namespace Gantry.Images.Checking;

/// <summary>Formats a report as text: the same on a terminal, in a log and in a summary. Control characters are neutralized.</summary>
public static class BaseImageReportFormatter
{
    private const int NamedPackages = 12;

    /// <summary>The columns of <see cref="Rows"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["Environment", "Image", "Release", "Base image", "Built", "State"];

    /// <summary>Formats each base image of each image in an environment.</summary>
    /// <param name="report">The report.</param>
    public static IEnumerable<IReadOnlyList<string>> Rows(BaseImageReport report) => report.Images.SelectMany(image =>
        (image.Bases.Count > 0 ? image.Bases : [new CheckedBaseImage(BaseImageState.Unknown, null, [])]).Select(found =>
            (IReadOnlyList<string>)
            [
                image.Target.DisplayName,
                Format.Line($"{image.Image}"),
                Format.Line($"{image.Version}"),
                found.Reference is { } reference ? Format.Line($"{reference with { Digest = null }}") : "",
                image.Created is { } created ? Format.Time(created) : "",
                Describe(found),
            ]));

    /// <summary>Formats the base images that have moved on, with their packages, and what is not known.</summary>
    /// <param name="report">The report.</param>
    public static IEnumerable<string> Notes(BaseImageReport report) =>
    [
        .. report.Moved.SelectMany(Describe),
        .. report.Unreadable.Select(mark => Format.Line($"{mark.Code}: {mark.Place}: {mark.Problem}")),
        .. report.Problems.Select(problem => Format.Line($"{problem.Message}")),
    ];

    /// <summary>Formats the result in one sentence.</summary>
    /// <param name="report">The report.</param>
    public static string Summary(BaseImageReport report)
    {
        var old = report.Images.Count(image => image.Bases.Any(found => found.State == BaseImageState.Moved));
        var unknown = report.Images.Count(image =>
            image.Bases.Count == 0 || image.Bases.Any(found => found.State == BaseImageState.Unknown));
        return $"{old} of {Format.Count(report.Images.Count, "image")} in environments "
            + $"{(old == 1 ? "stands" : "stand")} on a base image that has moved on"
            + (unknown == 0 ? "" : $"; of {unknown} it is not known")
            + (report.Unreadable.Count == 0 ? "" : $"; {Format.Count(report.Unreadable.Count, "place")} could not be read");
    }

    private static string Describe(CheckedBaseImage found) => found.State switch
    {
        BaseImageState.Current => "current",
        BaseImageState.Moved => found.Moved is { AfterCreated: { } created } ? $"moved on {Format.Time(created)}" : "moved",
        BaseImageState.Fixed => "names no tag",
        _ => $"not known{(found.Problem is { } problem ? $" ({problem.Code})" : "")}",
    };

    private static IEnumerable<string> Describe(MovedBaseImage moved)
    {
        var newer = moved is { BeforeCreated: { } before, AfterCreated: { } after } && after > before
            ? $", newer by {Format.Duration(after - before)}"
            : "";
        yield return Format.Line(
            $"{moved.Before with { Digest = null }}: {Digests(moved)}{newer}, {Format.Count(moved.Packages.Count, "package")} changed");
        foreach (var package in moved.Packages.Take(NamedPackages))
            yield return Format.Line($"  {Describe(package)}");
        if (moved.Packages.Count > NamedPackages)
            yield return $"  and {moved.Packages.Count - NamedPackages} more";
        foreach (var unknown in moved.Unknown)
            yield return Format.Line($"  {unknown}");
    }

    private static string Digests(MovedBaseImage moved) => $"{moved.Before.Digest!.Value.Short} is now {moved.After.Digest!.Value.Short}";

    private static string Describe(ChangedPackage package) => (package.Before, package.After) switch
    {
        (null, var after) => $"{package.Name} {after} ({package.Type}) was added",
        (var before, null) => $"{package.Name} {before} ({package.Type}) was removed",
        var (before, after) => $"{package.Name} {before} -> {after} ({package.Type})",
    };
}
