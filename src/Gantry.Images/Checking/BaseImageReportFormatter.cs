using Gantry.Differences;
using Gantry.Formatting;

namespace Gantry.Images.Checking;

/// <summary>Formats a report for people: the same on a terminal, in a log and in a summary.</summary>
public static class BaseImageReportFormatter
{
    private const int NamedPackages = 12;

    private static readonly IReadOnlyList<ReportColumn> s_columns =
        [new("Environment"), new("Image"), new("Release"), new("Base image"), new("Built", 1), new("State")];

    /// <summary>
    /// Describes a report: each base image of each image in an environment, those that have moved on with their packages, and what is not
    /// known.
    /// </summary>
    /// <param name="report">The report.</param>
    public static TextReport Describe(BaseImageReport report) => new(
        "Base images",
        [
            new ReportTable(s_columns, [.. report.Images.SelectMany(Rows)]),
            new ReportList([.. report.Moved.Select(Describe)]),
            new ReportList([.. report.Unreadable.Select(mark => new ReportItem(new(
                $"{mark.Code}: {mark.Place}: {mark.Problem}", ReportTone.Bad)))]),
            new ReportList([.. report.Problems.Select(problem => new ReportItem(new(problem.Message, ReportTone.Warning)))]),
            new ReportList([new(new(Summary(report)))]),
        ]);

    /// <summary>Formats the result in one sentence.</summary>
    /// <param name="report">The report.</param>
    public static string Summary(BaseImageReport report)
    {
        var old = report.Images.Count(image => image.Bases.Any(found => found.State == BaseImageState.Moved));
        var unknown = report.Images.Count(image =>
            image.Bases.Count == 0 || image.Bases.Any(found => found.State == BaseImageState.Unknown));
        return $"{old} of {Format.Count(report.Images.Count, "image")} in environments "
            + $"{(old == 1 ? "uses" : "use")} a base image that has moved on"
            + (unknown == 0 ? "" : $"; it is not known for {unknown}")
            + (report.Unreadable.Count == 0 ? "" : $"; {Format.Count(report.Unreadable.Count, "place")} could not be read");
    }

    private static IEnumerable<IReadOnlyList<ReportText>> Rows(CheckedImage image) =>
        (image.Bases.Count > 0 ? image.Bases : [new CheckedBaseImage(BaseImageState.Unknown, null, [])]).Select(found =>
            (IReadOnlyList<ReportText>)
            [
                new(image.Target.DisplayName),
                new($"{image.Image}"),
                new($"{image.Version}"),
                new(found.Reference is { } reference ? (DisplayText)$"{reference with { Digest = null }}" : ""),
                new(image.Created is { } created ? Format.Time(created) : ""),
                new(Describe(found), ToneOf(found.State)),
            ]);

    private static ReportTone ToneOf(BaseImageState state) => state switch
    {
        BaseImageState.Current => ReportTone.Good,
        BaseImageState.Moved => ReportTone.Bad,
        BaseImageState.Fixed => ReportTone.Plain,
        _ => ReportTone.Warning,
    };

    private static string Describe(CheckedBaseImage found) => found.State switch
    {
        BaseImageState.Current => "current",
        BaseImageState.Moved => found.Moved is { AfterCreated: { } created } ? $"moved on {Format.Time(created)}" : "moved",
        BaseImageState.Fixed => "names no tag",
        _ => $"not known{(found.Problem is { } problem ? $" ({problem.Code})" : "")}",
    };

    private static ReportItem Describe(MovedBaseImage moved)
    {
        var newer = moved is { BeforeCreated: { } before, AfterCreated: { } after } && after > before
            ? $", newer by {Format.Duration(after - before)}"
            : "";
        var more = moved.Packages.Count - NamedPackages;
        return new(new(
            $"{moved.Before with { Digest = null }}: {Digests(moved)}{newer}, {Format.Count(moved.Packages.Count, "package")} changed",
            ReportTone.Bad))
        {
            Details =
            [
                .. moved.Packages.Take(NamedPackages).Select(package => new ReportText(Describe(package))),
                .. more > 0 ? [new ReportText($"and {more} more, which --format json lists", ReportTone.Faint)] : (ReportText[])[],
                .. moved.Unknown.Select(reason => new ReportText(reason, ReportTone.Warning)),
            ],
        };
    }

    private static string Digests(MovedBaseImage moved) => $"{moved.Before.Digest!.Value.Short} is now {moved.After.Digest!.Value.Short}";

    private static DisplayText Describe(ChangedPackage package) => (package.Before, package.After) switch
    {
        (null, var after) => $"{package.Name} {after} ({package.Type}) was added",
        (var before, null) => $"{package.Name} {before} ({package.Type}) was removed",
        var (before, after) => $"{package.Name} {before} -> {after} ({package.Type})",
    };
}
