using Gantry.Display.Html;
using Gantry.Promotion;

namespace Gantry.Display.Reports;

/// <summary>The gates of a promotion, each with its verdict and the people who approved.</summary>
internal static class GateChips
{
    private const int Gates = 8;
    private const int NameLength = 100;

    /// <summary>Creates the chips; null without gates.</summary>
    /// <param name="gates">The gates.</param>
    /// <param name="approvers">The maximum number of people of one gate.</param>
    public static HtmlElement? Create(IReadOnlyList<RecordedGate>? gates, int approvers) => gates is not { Count: > 0 }
        ? null
        : new HtmlElement(HtmlTag.Ul)
            .Class("gates")
            .Set(HtmlAttribute.AriaLabel, "Gates")
            .AddAll(gates.Take(Gates).Select(gate => Chip(gate, approvers)))
            .Add(PageParts.Rest(gates.Count, Gates, "gate"));

    private static HtmlElement Chip(RecordedGate gate, int approvers)
    {
        var (look, icon, word) = gate.Verdict switch
        {
            GateVerdict.Held => ("good", "ok", "held"),
            GateVerdict.Approved => ("good", "person", "approved"),
            GateVerdict.Service => ("good", "ok", "held by the service"),
            _ => ("bypass", "bypass", "overridden"),
        };
        var people = gate.Approvals?.Select(approval => approval.By).Distinct().ToList() ?? [];
        if (people.Count > 0)
            word = "approved by " + PageParts.Cut(string.Join(", ", people.Take(approvers)), NameLength)
                + (people.Count > approvers ? Format.Line($" and {people.Count - approvers} more") : "");
        return HtmlElement.Of(
            HtmlTag.Li,
            PageParts.Chip(look, icon, PageParts.Cut(gate.Gate, NameLength)),
            ": " + word,
            gate.Reason is { } reason
                ? HtmlElement.Of(HtmlTag.Span, ", because: ", HtmlElement.Of(HtmlTag.Q, PageParts.Cut(reason, 200)))
                : null);
    }
}
