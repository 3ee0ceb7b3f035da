using Gantry.Differences;
using Gantry.Display.Html;

namespace Gantry.Display.Reports;

/// <summary>What differs between two releases: one line, and everything below it.</summary>
internal static class DifferenceView
{
    public static HtmlElement Create(ReportIndex index, ReleaseDifference difference)
    {
        var text = DifferenceSentence.Of(difference);
        var (anchor, isFirst) = index.Introduce(difference);
        if (!isFirst)
            return HtmlElement.Of(HtmlTag.Div, HtmlElement.Of(HtmlTag.A, text).LinkTo(anchor)).Class("changes");

        var limit = index.Limits.Changes;
        var images = difference.Images.Where(HasChanges).ToList();
        var details = HtmlElement.Of(HtmlTag.Details, HtmlElement.Of(HtmlTag.Summary, text))
            .Id(anchor)
            .Class("changes");
        if (difference.Commits.Count > 0)
            details.Add(List(difference.Commits, limit, "commit", Commit).Class("commits"));
        details.AddAll(images.Take(index.Limits.ChangedImages).Select(image => Image(image, limit)));
        if (images.Count > index.Limits.ChangedImages)
            details.Add(HtmlElement.Of(
                HtmlTag.P, Format.Line($"and {Format.Count(images.Count - index.Limits.ChangedImages, "image")} more")).Class("rest"));
        if (difference.Unknown.Count > 0)
            details.Add(
                HtmlElement.Of(HtmlTag.P, "Not compared:"),
                List(difference.Unknown, limit, "reason", reason => HtmlElement.Of(HtmlTag.Li, PageParts.Cut(reason))));
        return details;
    }

    private static bool HasChanges(ImageDifferences image) =>
        image.BaseImage is not null
        || image.Packages.Count + image.Layers.Count + image.Files.Count + image.Settings.Count > 0
        || image.From is null || image.To is null;

    private static HtmlElement Image(ImageDifferences image, int limit)
    {
        var list = new HtmlElement(HtmlTag.Ul);
        if (image.BaseImage is { } origin)
            list.Add(HtmlElement.Of(
                HtmlTag.Li,
                Format.Line($"base image {PageParts.Cut(origin.Before ?? "none", 160)} → {PageParts.Cut(origin.After ?? "none", 160)}"),
                origin.NewerBy is { } newer ? Newer(newer) : null));
        AddAll(list, image.Packages, limit, "package", package => Change($"{package.Type} {package.Name}", package.Before, package.After));
        AddAll(list, image.Settings, limit, "setting", setting => Change(setting.Name, setting.Before, setting.After));
        AddAll(list, image.Layers, limit, "layer", layer => HtmlElement.Of(
            HtmlTag.Li,
            layer.IsRemoved ? "layer removed: " : "layer added: ",
            HtmlElement.Of(HtmlTag.Code, layer.Digest.Short),
            Format.Line($" {Format.Bytes(layer.Size)} {layer.Platform}")));
        AddAll(list, image.Files, limit, "file", file => Change(
            file.Path,
            file.SizeBefore is { } before ? Format.Bytes(before) : null,
            file.SizeAfter is { } after ? Format.Bytes(after) : null));
        var heading = HtmlElement.Of(HtmlTag.P, HtmlElement.Of(HtmlTag.Strong, image.Image));
        if (image.From is null)
            heading.Add(" is new");
        else if (image.To is null)
            heading.Add(" is gone");
        else if (image.SizeBefore != image.SizeAfter)
            heading.Add(Format.Line($" {Format.Bytes(image.SizeBefore)} → {Format.Bytes(image.SizeAfter)}"));
        return HtmlElement.Of(HtmlTag.Div, heading, list).Class("image");
    }

    private static HtmlNode Newer(TimeSpan by) =>
        by < TimeSpan.Zero ? Format.Line($" (older by {PageParts.Span(-by)})") : Format.Line($" (newer by {PageParts.Span(by)})");

    private static HtmlElement Change(string name, string? before, string? after)
    {
        var (look, word) = (before, after) switch
        {
            (null, _) => ("added", "added "),
            (_, null) => ("removed", "removed "),
            _ => ("changed", "changed "),
        };
        var values = (before, after) switch
        {
            (null, { } only) => only,
            ({ } only, null) => only,
            var (one, other) => $"{PageParts.Cut(one ?? "", 120)} → {PageParts.Cut(other ?? "", 120)}",
        };
        return HtmlElement.Of(
            HtmlTag.Li,
            HtmlElement.Of(HtmlTag.Span, word).Class(look),
            HtmlElement.Of(HtmlTag.Strong, PageParts.Cut(name, 120)),
            " ",
            PageParts.Cut(values, 250));
    }

    private static HtmlElement Commit(ChangedCommit commit) => HtmlElement.Of(
        HtmlTag.Li,
        PageParts.Commit(commit.Hash, commit.Link),
        commit.IsRemoved ? HtmlElement.Of(HtmlTag.Span, " lost").Class("removed") : null,
        " ",
        PageParts.Title(commit.Subject),
        HtmlElement.Of(HtmlTag.Span, " ", PageParts.Cut(commit.Author, 60)).Class("age"));

    private static HtmlElement List<T>(IReadOnlyList<T> items, int limit, string thing, Func<T, HtmlElement> create) =>
        new HtmlElement(HtmlTag.Ul).AddAll(items.Take(limit).Select(create)).Add(PageParts.Rest(items.Count, limit, thing));

    private static void AddAll<T>(HtmlElement list, IReadOnlyList<T> items, int limit, string thing, Func<T, HtmlElement> create) =>
        list.AddAll(items.Take(limit).Select(create)).Add(PageParts.Rest(items.Count, limit, thing));
}
