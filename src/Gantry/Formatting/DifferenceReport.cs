using Gantry.Differences;
using Gantry.Oci;

namespace Gantry.Formatting;

/// <summary>Creates the report of a difference.</summary>
internal static class DifferenceReport
{
    // More lines are for programs: JSON has all of them.
    private const int Rows = 200;

    public static TextReport Create(ReleaseDifference difference) => new(
        Format.Line($"From {Side(difference.From, difference.FromPlace)} to {Side(difference.To, difference.ToPlace)}"),
        [
            new ReportList([new(new(
                $"{Side(difference.From, difference.FromPlace)} -> {Side(difference.To, difference.ToPlace)}: "
                    + $"{ReleaseDifferenceFormatter.Summarize(difference)}"))]),
            .. Table("Commits", ["Commit", "Time", "Author", "Subject", ""], difference.Commits, Row),
            .. difference.Images.SelectMany(Parts),
            .. Unknown(difference),
        ]);

    private static string Side(string name, string? place) => place is null ? name : $"{name} ({place})";

    private static IEnumerable<ReportPart> Parts(ImageDifferences image)
    {
        yield return new ReportHeading(new($"{image.Image}: {Heading(image)}"));
        if (image.BaseImage is { } changed)
            yield return new ReportList([new(new(
                $"{ReleaseDifferenceFormatter.Describe(changed)}: {changed.Before ?? "none"} -> {changed.After ?? "none"}"))]);
        var changes = Table("Packages", ["Package", "Type", "Before", "After"], image.Packages, Row)
            .Concat(Table("Settings", ["Setting", "Before", "After"], image.Settings, Row))
            .Concat(Table("Layers", ["Layer", "Size", "Platform", ""], image.Layers, Row))
            .Concat(Table("Files", ["File", "Before", "After", "Platform"], image.Files, Row));
        foreach (var part in changes)
            yield return part;
    }

    private static string Heading(ImageDifferences image)
    {
        if (image.IsSame)
            return "the same image";
        var size = image.SizeBefore == 0 && image.SizeAfter == 0
            ? ""
            : $", {Format.Bytes(image.SizeBefore)} -> {Format.Bytes(image.SizeAfter)}";
        return $"{Shorten(image.From)} -> {Shorten(image.To)}{size}";
    }

    private static string Shorten(Digest? digest) => digest is { } known ? $"{known.Algorithm}:{known.Short}" : "none";

    private static IReadOnlyList<ReportText> Row(ChangedCommit commit) =>
    [
        new($"{ReleaseDifferenceFormatter.Shorten(commit.Hash)}") { Link = commit.Link },
        new(Format.Time(commit.Time)),
        new($"{commit.Author}"),
        new($"{commit.Subject}"),
        commit.IsRemoved ? new("lost", ReportTone.Warning) : ReportText.Empty,
    ];

    private static IReadOnlyList<ReportText> Row(ChangedPackage package) =>
        [new($"{package.Name}"), new($"{package.Type}"), new($"{package.Before}"), new($"{package.After}")];

    private static IReadOnlyList<ReportText> Row(ChangedSetting setting) =>
        [new($"{setting.Name}"), new($"{setting.Before}"), new($"{setting.After}")];

    private static IReadOnlyList<ReportText> Row(ChangedLayer layer) =>
    [
        new(Shorten(layer.Digest), ReportTone.Faint),
        new(Format.Bytes(layer.Size)),
        new($"{layer.Platform}"),
        new(layer.IsRemoved ? "removed" : "added"),
    ];

    private static IReadOnlyList<ReportText> Row(ChangedFile file) =>
    [
        new($"{file.Path}"),
        new(file.SizeBefore is { } before ? Format.Bytes(before) : ""),
        new(file.SizeAfter is { } after ? Format.Bytes(after) : ""),
        new($"{file.Platform}"),
    ];

    private static IEnumerable<ReportPart> Unknown(ReleaseDifference difference)
    {
        if (difference.Unknown.Count == 0)
            yield break;
        yield return new ReportHeading(new("Not compared"));
        yield return new ReportList(
            [.. difference.Unknown.Select(sentence => new ReportItem(new(DisplayText.FromString(sentence), ReportTone.Warning)))]);
    }

    private static IEnumerable<ReportPart> Table<T>(
        string title, string[] columns, IReadOnlyList<T> items, Func<T, IReadOnlyList<ReportText>> row)
    {
        if (items.Count == 0)
            yield break;
        yield return new ReportHeading(new(title));
        yield return new ReportTable([.. columns.Select(column => new ReportColumn(column))], [.. items.Take(Rows).Select(row)]);
        if (items.Count > Rows)
            yield return new ReportList([new(new($"and {items.Count - Rows} more, which --format json lists", ReportTone.Faint))]);
    }
}
