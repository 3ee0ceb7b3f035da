using Gantry.Display.Html;
using Gantry.Environments;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>
/// What happened in each environment, the last environment first: promotions, returns, bypasses and holds, and what changed.
/// </summary>
internal static class HistorySection
{
    private const int Approvers = 10;

    // So many registries are few enough to have all of them open.
    private const int FewTargets = 4;

    public static HtmlElement Create(ReportIndex index)
    {
        var section = PageParts.Section("history", "What happened");
        var targets = index.Status.Targets.Reverse().ToList();
        return targets.Count == 0
            ? section.Add(HtmlElement.Of(HtmlTag.P, "No environment is declared."))
            : section.AddAll(targets.Select((target, at) => Target(index, target, isOpen: at == 0 || targets.Count <= FewTargets)));
    }

    private static HtmlElement Target(ReportIndex index, PromotionTarget target, bool isOpen)
    {
        var events = index.EventsOf(target);
        var details = HtmlElement.Of(
            HtmlTag.Details,
            HtmlElement.Of(
                HtmlTag.Summary,
                HtmlElement.Of(HtmlTag.H3, target.DisplayName),
                HtmlElement.Of(HtmlTag.Span, " ", Latest(index, target, events)).Class("age")))
            .Id(index.AnchorOf(target))
            .Class("target");
        if (isOpen)
            details.Set(HtmlAttribute.Open);
        details.AddAll(index.HistoryOf(target)?.Problems.Select(problem =>
            HtmlElement.Of(HtmlTag.P, PageParts.Chip("warn", "alert", PageParts.Cut(problem.Message)))) ?? []);
        details.Add(Next(index, target));
        if (events.Count == 0)
            return details.Add(HtmlElement.Of(HtmlTag.P, "Nothing is recorded there."));
        return details.Add(new HtmlElement(HtmlTag.Ol)
            .Class("events")
            .AddAll(events.Take(index.Limits.Events).Select(happened => Event(index, happened)))
            .Add(PageParts.Rest(events.Count, index.Limits.Events, "earlier event")));
    }

    private static HtmlElement? Next(ReportIndex index, PromotionTarget target)
    {
        var pending = index.PendingOf(target).ToList();
        return pending.Count == 0
            ? null
            : HtmlElement
                .Of(
                    HtmlTag.Div,
                    HtmlElement.Of(HtmlTag.Div, PageParts.Chip("warn", "behind", "The next promotion would bring")).Class("head"))
                .Id(index.AnchorOfPending(target))
                .Class("event next")
                .AddAll(pending.Select(difference => DifferenceView.Create(index, difference)));
    }

    private static HtmlNode Latest(ReportIndex index, PromotionTarget target, IReadOnlyList<HistoryEvent> events)
    {
        if (index.Status.Holds.FirstOrDefault(hold => hold.Environment == target.Environment.Name) is { } hold)
            return PageParts.Chip("hold", "pause", Format.Line($"held since {Format.Time(hold.Since)} by {PageParts.Cut(hold.By, 80)}"));
        return events is [var last, ..]
            ? Format.Line($"{Format.Count(events.Count, "event")}, the last one {PageParts.Span(index.Now - last.Time)} ago")
            : "nothing recorded";
    }

    private static HtmlElement Event(ReportIndex index, HistoryEvent happened)
    {
        var (look, icon, word) = PageParts.Describe(happened.Kind);
        var head = HtmlElement.Of(HtmlTag.Div, PageParts.Chip(look, icon, word)).Class("head");
        if (happened.Version is { } version)
            head.Add(" ", HtmlElement.Of(HtmlTag.Strong, version).Class("release"));
        if (happened.Before is { } before && before != happened.Version)
            head.Add(HtmlElement.Of(HtmlTag.Span, " after ", before).Class("age"));

        var item = HtmlElement.Of(
            HtmlTag.Li,
            head,
            HtmlElement.Of(
                HtmlTag.Div,
                PageParts.Time(happened.Time),
                " by ",
                happened.Promotion is { } promotion ? PageParts.By(promotion.By) : PageParts.Cut(happened.By, 160),
                happened.Promotion is null ? null : PageParts.Signature(
                    happened.Promotion.Signature is null ? SignatureState.Unsigned : SignatureState.Signed))
                .Class("line"));
        if (ReasonOf(happened) is { } reason)
            item.Add(HtmlElement.Of(HtmlTag.Div, "Because: ", HtmlElement.Of(HtmlTag.Q, PageParts.Cut(reason))).Class("reason"));
        if (happened.Promotion?.BreakGlass is { } glass)
            item.Add(HtmlElement.Of(HtmlTag.Div, "Skipped: ", PageParts.Cut(string.Join("; ", glass.Skipped))).Class("reason"));
        item.Add(GateChips.Create(happened.Promotion?.Gates, Approvers));
        if (happened.Difference is { } difference)
            item.Add(DifferenceView.Create(index, difference));
        return item.Class("event " + look);
    }

    private static string? ReasonOf(HistoryEvent happened) =>
        happened.Reason ?? happened.Promotion?.WentBack?.Reason ?? happened.Promotion?.BreakGlass?.Reason;
}
