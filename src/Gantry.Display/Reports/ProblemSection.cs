using Gantry.Display.Html;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>What a person should look at, the gravest first, each with the command that mends it.</summary>
internal static class ProblemSection
{
    public static HtmlElement Create(ReportIndex index)
    {
        var section = PageParts.Section("problems", "Problems");
        if (index.Problems.Count == 0)
            return section.Add(HtmlElement.Of(HtmlTag.P, PageParts.Chip("good", "ok", "Nothing to mend.")));
        var shown = index.Problems.Take(index.Limits.Problems).ToList();
        return section.Add(new HtmlElement(HtmlTag.Ol)
            .Class("problems")
            .AddAll(shown.Select(mark => Problem(index, mark)))
            .Add(PageParts.Rest(index.Problems.Count, shown.Count, "problem")));
    }

    private static HtmlElement Problem(ReportIndex index, StatusMark mark)
    {
        var (look, icon, word) = PageParts.Describe(mark.Kind);
        var item = HtmlElement.Of(
            HtmlTag.Li,
            HtmlElement.Of(
                HtmlTag.H3,
                PageParts.Chip(look, icon, word),
                " ",
                mark.Image is { } image ? Format.Line($"{image} in {mark.Place}") : mark.Place),
            HtmlElement.Of(
                HtmlTag.P,
                Sentence(mark.Problem),
                mark.Remedy is { } remedy ? " " + Sentence(remedy) : null,
                HtmlElement.Of(HtmlTag.Span, " ", mark.Code).Class("code")));
        if (index.AnchorOf(mark) is { } anchor)
            item.Id(anchor);
        if (mark.Command is { } command)
            item.Add(PageParts.Command(command));
        return item.Class("problem " + look);
    }

    private static string Sentence(string text)
    {
        var line = PageParts.Cut(text, 600);
        return line.Length == 0 ? line : char.ToUpperInvariant(line[0]) + line[1..] + ".";
    }
}
