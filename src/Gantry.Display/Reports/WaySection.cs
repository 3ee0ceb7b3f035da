using System.Globalization;
using Gantry.Display.Html;
using Gantry.Promotion;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>
/// The way of each release as a picture: a line with a stop for the build and each environment. It is a list whose items have all of it in
/// words; the line and the bars are drawn beside the words.
/// </summary>
internal static class WaySection
{
    private const int BarWidth = 100;
    private const int Approvers = 4;

    public static HtmlElement Create(ReportIndex index)
    {
        var section = PageParts.Section("ways", "The way of each release");
        var ways = ReleaseWay.Find(index, out var total);
        if (ways.Count == 0)
            return section.Add(HtmlElement.Of(HtmlTag.P, "No release is known yet."));
        section.AddAll(ways.Select(way => Way(index, way)));
        return total > ways.Count
            ? section.Add(HtmlElement.Of(
                HtmlTag.P, Format.Line($"{Format.Count(total - ways.Count, "earlier release")} not shown.")).Class("rest"))
            : section;
    }

    private static HtmlElement Way(ReportIndex index, ReleaseWay way) => HtmlElement.Of(
        HtmlTag.Article,
        HtmlElement.Of(
            HtmlTag.H3,
            HtmlElement.Of(HtmlTag.Span, way.Version).Class("release"),
            index.SubjectOf(way.Commit) is { } subject
                ? HtmlElement.Of(HtmlTag.Span, " ", PageParts.Title(subject)).Class("subject")
                : null),
        new HtmlElement(HtmlTag.Ol).Class("way").Add(Build(way)).AddAll(way.Stops.Select(stop => Stop(index, stop))))
        .Class("release-way");

    private static HtmlElement Build(ReleaseWay way)
    {
        var release = way.Base;
        return HtmlElement.Of(
            HtmlTag.Li,
            Name("base", "box"),
            release is null ? null : Line(PageParts.Time(release.Created)),
            way.Commit is { } commit ? Line("commit ", PageParts.Commit(commit)) : null,
            release?.BuildUrl is not null || release?.BuildId is not null
                ? Line(PageParts.Linked(PageParts.Cut($"build {release.BuildId}".TrimEnd(), 60), release.BuildUrl))
                : null,
            release?.Images.Select(image => image.BaseImage).FirstOrDefault(image => image is not null) is { } image
                ? Line("on ", PageParts.Cut(image.Name[(image.Name.LastIndexOf('/') + 1)..], 120)).Set(HtmlAttribute.Title, image.Name)
                : null)
            .Class("stop reached");
    }

    private static HtmlElement Stop(ReportIndex index, WayStop stop)
    {
        var look = stop switch
        {
            { Arrival.Kind: HistoryEventKind.Bypass } => "bypass",
            { Arrival.Kind: HistoryEventKind.Return or HistoryEventKind.AutomaticReturn } => "return",
            _ => "good",
        };
        var item = HtmlElement.Of(HtmlTag.Li, Name(stop.Environment.DisplayName, "ok"));
        if (stop.Since is null && stop.Arrival is null && !stop.IsCurrent)
            return item.Add(Line("not there")).Class("stop open");

        if (stop.IsCurrent)
            item.Add(HtmlElement.Of(HtmlTag.Strong, "there now").Class("line now"));
        if (stop.Since is { } since)
            item.Add(Line(PageParts.Time(since)));
        if (stop.Waited is { } waited)
            item.Add(Waited(waited, stop.Soak));
        if (stop.Arrival is { } arrival)
        {
            item.Add(HtmlElement.Of(
                HtmlTag.Span,
                arrival.Promotion is { } promotion ? PageParts.By(promotion.By) : PageParts.Cut(arrival.By, 160)).Class("line i-person"));
            if (arrival.Kind != HistoryEventKind.Promotion)
            {
                var (kind, icon, word) = PageParts.Describe(arrival.Kind);
                item.Add(Line(PageParts.Chip(kind, icon, word)));
            }

            item.Add(GateChips.Create(arrival.Promotion?.Gates, Approvers));
        }

        return item.Class($"stop reached {look}{(stop.IsCurrent ? " current" : "")}");
    }

    private static HtmlElement Name(HtmlNode name, string icon) => HtmlElement.Of(
        HtmlTag.Span,
        new HtmlElement(HtmlTag.Span).Class("dot i-" + icon),
        HtmlElement.Of(HtmlTag.Strong, name)).Class("name");

    private static HtmlElement Line(params ReadOnlySpan<HtmlNode?> content) => HtmlElement.Of(HtmlTag.Span, content).Class("line");

    // The bar is full when the release has been in the previous environment for as long as it must.
    private static HtmlElement Waited(TimeSpan waited, TimeSpan? soak)
    {
        var text = HtmlElement.Of(HtmlTag.Span, $"after {PageParts.Span(waited)}").Class("line i-wait");
        if (soak is not { } required || required <= TimeSpan.Zero)
            return text;
        text.Add($" (soak time {Format.Duration(required)})");
        var width = (int)Math.Clamp(waited / required * BarWidth, 1, BarWidth);
        return HtmlElement.Of(HtmlTag.Span, text, Bar(width)).Class("soak");
    }

    private static HtmlElement Bar(int width) => new HtmlElement(HtmlTag.Svg)
        .Class(width == BarWidth ? "bar full" : "bar")
        .Set(HtmlAttribute.AriaHidden, "true")
        .Set(HtmlAttribute.ViewBox, "0 0 100 5")
        .Add(
            Rectangle("whole", BarWidth),
            Rectangle("part", width));

    private static HtmlElement Rectangle(string part, int width) => new HtmlElement(HtmlTag.Rect)
        .Class(part)
        .Set(HtmlAttribute.Width, width.ToString(CultureInfo.InvariantCulture))
        .Set(HtmlAttribute.Height, "5")
        .Set(HtmlAttribute.Rx, "2.5");
}
