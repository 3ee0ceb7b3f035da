using System.Globalization;
using Gantry.Differences;
using Gantry.Display.Html;
using Gantry.Environments;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>
/// The matrix of images and environments: the release of each, its age, its commit, whether it is signed, and what is wrong. A table that
/// a narrow page shows as a card for each image; its roles are written out, because the other layout takes the native ones away.
/// </summary>
internal static class MatrixSection
{
    private const int NotesShown = 100;

    public static HtmlElement Create(ReportIndex index)
    {
        var status = index.Status;
        var section = PageParts.Section("matrix", "What runs where");
        if (status.Images.Count == 0 || status.Targets.Count == 0)
            return section.Add(HtmlElement.Of(HtmlTag.P, "No image or no environment is declared."));

        var cells = status.Cells.ToLookup(cell => (cell.Image, cell.Target.Environment.Name, cell.Target.Region));
        var head = HtmlElement.Of(HtmlTag.Tr, Heading("Image")).Set(HtmlAttribute.Role, "row")
            .AddAll(status.Targets.Select(target => Heading(NameOf(index, target))));
        var rows = status.Images.Select(image => HtmlElement
            .Of(HtmlTag.Tr, HtmlElement.Of(HtmlTag.Th, image).Set(HtmlAttribute.Scope, "row").Set(HtmlAttribute.Role, "rowheader"))
            .Set(HtmlAttribute.Role, "row")
            .Set(HtmlAttribute.DataFind, Searchable(image, [.. status.Targets.SelectMany(target => cells[KeyOf(image, target)])]))
            .AddAll(status.Targets.Select(target => CreateCell(index, target, cells[KeyOf(image, target)].FirstOrDefault()))));
        return section.Add(
            Filter(),
            HtmlElement.Of(
                HtmlTag.Div,
                HtmlElement.Of(
                    HtmlTag.Table,
                    HtmlElement.Of(HtmlTag.Caption, $"Releases by image and environment, as of {Format.Time(index.Now)}").Class("hidden"),
                    HtmlElement.Of(HtmlTag.Thead, head).Set(HtmlAttribute.Role, "rowgroup"),
                    new HtmlElement(HtmlTag.Tbody).Set(HtmlAttribute.Role, "rowgroup").AddAll(rows))
                    .Set(HtmlAttribute.Role, "table")
                    .Class("matrix"))
                .Class("scroll")
                .Set(HtmlAttribute.Role, "region")
                .Set(HtmlAttribute.AriaLabelledBy, "matrix-heading")
                .Set(HtmlAttribute.TabIndex, "0"),
            Notes(status));
    }

    private static HtmlElement? Notes(FleetStatus status) => status.Notes.Count == 0
        ? null
        : HtmlElement.Of(
            HtmlTag.Details,
            HtmlElement.Of(HtmlTag.Summary, Format.Count(status.Notes.Count, "note")),
            new HtmlElement(HtmlTag.Ul)
                .AddAll(status.Notes.Take(NotesShown).Select(note =>
                    HtmlElement.Of(HtmlTag.Li, HtmlElement.Of(HtmlTag.Strong, note.Place), ": ", PageParts.Cut(note.Text))))
                .Add(PageParts.Rest(status.Notes.Count, NotesShown, "note")))
            .Class("notes");

    private static (string Image, string Environment, string? Region) KeyOf(string image, PromotionTarget target) =>
        (image, target.Environment.Name, target.Region);

    // Without a script there is nothing to filter with: the script shows it.
    private static HtmlElement Filter() => HtmlElement.Of(
        HtmlTag.Div,
        HtmlElement.Of(HtmlTag.Label, "Find an image or release ").Set(HtmlAttribute.For, "filter"),
        new HtmlElement(HtmlTag.Input)
            .Id("filter")
            .Set(HtmlAttribute.Type, "search")
            .Set(HtmlAttribute.Autocomplete, "off")
            .Set(HtmlAttribute.Spellcheck, "false"),
        HtmlElement.Of(
            HtmlTag.Label,
            new HtmlElement(HtmlTag.Input).Id("attention").Set(HtmlAttribute.Type, "checkbox"),
            " only what needs attention"),
        new HtmlElement(HtmlTag.Span).Id("found").Set(HtmlAttribute.Role, "status"))
        .Class("filter")
        .Set(HtmlAttribute.Hidden);

    private static HtmlElement Heading(HtmlNode text) => HtmlElement.Of(HtmlTag.Th, text)
        .Set(HtmlAttribute.Scope, "col")
        .Set(HtmlAttribute.Role, "columnheader");

    private static HtmlElement NameOf(ReportIndex index, PromotionTarget target) => HtmlElement.Of(
        HtmlTag.Span,
        HtmlElement.Of(HtmlTag.A, target.Environment.DisplayName).LinkTo(index.AnchorOf(target)),
        target.Region is null ? null : HtmlElement.Of(HtmlTag.Span, " ", target.Region).Class("region"),
        HoldOf(index, target));

    private static HtmlElement? HoldOf(ReportIndex index, PromotionTarget target) =>
        index.Status.Holds.FirstOrDefault(hold => hold.Environment == target.Environment.Name) is { } hold
            ? HtmlElement.Of(
                HtmlTag.Span,
                " ",
                PageParts.Chip("hold", "pause", hold.Version is { } version ? Format.Line($"held at {version}") : "held"))
            : null;

    private static string Searchable(string image, IReadOnlyList<StatusCell> cells)
    {
        var words = string.Join(' ', cells.Select(cell => cell.Version).OfType<string>().Prepend(image).Distinct()).ToLowerInvariant();
        return cells.Any(NeedsAttention) ? "! " + words : words;
    }

    private static bool NeedsAttention(StatusCell cell) =>
        cell.Marks.Count > 0 || cell.Behind > 0 || cell.Signature == SignatureState.Invalid;

    private static HtmlElement CreateCell(ReportIndex index, PromotionTarget target, StatusCell? cell)
    {
        var element = new HtmlElement(HtmlTag.Td).Set(HtmlAttribute.Role, "cell").Class("state-" + StateOf(cell));
        element.Add(HtmlElement.Of(HtmlTag.Span, target.DisplayName).Class("where"));
        if (cell?.Version is not { } version)
        {
            element.Add(HtmlElement.Of(HtmlTag.Span, "none").Class("none"));
            return cell is null ? element : element.Add(Chips(index, cell));
        }

        element.Add(
            HtmlElement.Of(
                HtmlTag.Span,
                HtmlElement.Of(HtmlTag.Strong, version).Class("release"),
                cell.Since is { } since ? HtmlElement.Of(HtmlTag.Span, " for ", PageParts.Age(since, index.Now)).Class("age") : null)
                .Class("line"));
        if ((cell.Subject ?? index.SubjectOf(cell.Commit)) is { } subject)
            element.Add(HtmlElement.Of(HtmlTag.Span, PageParts.Title(subject)).Class("subject"));
        else if (cell.Commit is { } commit)
            element.Add(HtmlElement.Of(HtmlTag.Span, "commit ", PageParts.Commit(commit)).Class("subject"));
        return element.Add(Chips(index, cell), Behind(index, cell));
    }

    private static string StateOf(StatusCell? cell)
    {
        if (cell is null)
            return "quiet";
        if (cell.Signature == SignatureState.Invalid)
            return "bad";
        var looks = cell.Marks.Select(mark => PageParts.Describe(mark.Kind).Look).ToList();
        foreach (var look in (string[])["bad", "bypass", "warn", "hold"])
        {
            if (looks.Contains(look))
                return look;
        }

        return cell switch
        {
            { Version: null } => "quiet",
            { Behind: > 0 } => "warn",
            _ => "good",
        };
    }

    private static HtmlElement? Chips(ReportIndex index, StatusCell cell)
    {
        var chips = cell.Marks
            .Where(mark => mark.Kind is not StatusMarkKind.Behind)
            .Select(mark => mark.Kind)
            .Distinct()
            .Select(kind => MarkChip(index, cell.Marks.First(mark => mark.Kind == kind)))
            .Prepend(PageParts.Signature(cell.Signature))
            .OfType<HtmlElement>()
            .ToList();
        return chips.Count == 0 ? null : new HtmlElement(HtmlTag.Span).Class("chips").AddAll(chips);
    }

    private static HtmlElement MarkChip(ReportIndex index, StatusMark mark)
    {
        var (look, icon, word) = PageParts.Describe(mark.Kind);
        var chip = PageParts.Chip(look, icon, word);
        return index.AnchorOf(mark) is { } anchor ? HtmlElement.Of(HtmlTag.A, chip).LinkTo(anchor) : chip;
    }

    private static HtmlElement? Behind(ReportIndex index, StatusCell cell)
    {
        if (cell.Behind is not (> 0 and var count))
            return null;
        HtmlNode text = string.Create(CultureInfo.InvariantCulture, $"{count} behind");
        var chip = PageParts.Chip("warn", "behind", text).Set(HtmlAttribute.Title, Format.Count(count, "release") + " behind");
        if (index.PendingFor(cell) is not { Commits.Count: > 0 } difference)
            return chip;

        // In a large fleet the commits are there once for each environment, and not in each of its cells.
        if (index.Limits.CommitsOfCell == 0)
            return HtmlElement.Of(HtmlTag.A, chip).LinkTo(index.AnchorOfPending(cell.Target));
        var shown = difference.Commits.Take(index.Limits.CommitsOfCell).ToList();
        return HtmlElement.Of(
            HtmlTag.Details,
            HtmlElement.Of(HtmlTag.Summary, chip),
            new HtmlElement(HtmlTag.Ul)
                .Class("commits")
                .AddAll(shown.Select(Commit))
                .Add(PageParts.Rest(difference.Commits.Count, shown.Count, "commit")))
            .Class("behind");
    }

    private static HtmlElement Commit(ChangedCommit commit) => HtmlElement.Of(
        HtmlTag.Li,
        PageParts.Commit(commit.Hash, commit.Link),
        commit.IsRemoved ? " lost: " : " ",
        PageParts.Title(commit.Subject));
}
