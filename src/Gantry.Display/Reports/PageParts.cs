using Gantry.Display.Html;
using Gantry.Promotion;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>Creates the small parts that several sections have: icons with a word, times, commits, people, commands.</summary>
internal static class PageParts
{
    private const int TitleLength = 160;
    private const int TextLength = 400;
    private const int ShortHash = 10;

    /// <summary>
    /// Returns a word with its icon; the look gives both their colour. The style sheet draws the icon, which says nothing that the word
    /// does not say.
    /// </summary>
    public static HtmlElement Chip(string look, string icon, HtmlNode word) =>
        HtmlElement.Of(HtmlTag.Span, word).Class($"chip {look} i-{icon}");

    /// <summary>Returns a time in UTC.</summary>
    public static HtmlElement Time(DateTimeOffset time) =>
        HtmlElement.Of(HtmlTag.Time, Format.Time(time)).Set(HtmlAttribute.DateTime, Format.Rfc3339(time));

    /// <summary>Returns how long ago a time was, with the time itself as its title.</summary>
    public static HtmlElement Age(DateTimeOffset time, DateTimeOffset now) => HtmlElement
        .Of(HtmlTag.Time, Span(now - time))
        .Set(HtmlAttribute.DateTime, Format.Rfc3339(time))
        .Set(HtmlAttribute.Title, Format.Time(time));

    /// <summary>Formats a duration by its two largest units; a short one, or a negative one of clocks that differ, is a moment.</summary>
    public static string Span(TimeSpan duration) => duration < TimeSpan.FromMinutes(1)
        ? "a moment"
        : Format.Duration(TimeSpan.FromMinutes(Math.Floor(duration.TotalMinutes)));

    /// <summary>Returns the first line of a commit's message, of limited length.</summary>
    public static string Title(string text) => Cut(text, TitleLength);

    /// <summary>Returns a text of others on one line, of limited length.</summary>
    public static string Cut(string text, int length = TextLength) => Format.OneLine(text, length);

    /// <summary>Returns the beginning of a commit's hash, with a link where there is one.</summary>
    public static HtmlElement Commit(string hash, string? link = null) =>
        Linked(HtmlElement.Of(HtmlTag.Code, Cut(hash, ShortHash)[..Math.Min(ShortHash, hash.Length)]), link);

    /// <summary>Returns the person or run of a promotion, with a link to the run where there is one.</summary>
    public static HtmlNode By(PromotionActor actor) => Linked(Cut(actor.ToString(), TitleLength), actor.RunUrl);

    /// <summary>Returns a link to an address of a record; the text alone when it is no address that a person may follow.</summary>
    public static HtmlElement Linked(HtmlNode text, string? address) => WebLink.TryParse(address) is { } link
        ? HtmlElement.Of(HtmlTag.A, text).LinkTo(link)
        : HtmlElement.Of(HtmlTag.Span, text);

    /// <summary>Returns a command that can be copied.</summary>
    public static HtmlElement Command(string command) => HtmlElement
        .Of(HtmlTag.Div, HtmlElement.Of(HtmlTag.Code, command).Class("command"))
        .Class("copy");

    /// <summary>Returns a section with its heading.</summary>
    public static HtmlElement Section(string anchor, string heading) => HtmlElement
        .Of(HtmlTag.Section, HtmlElement.Of(HtmlTag.H2, heading).Id(anchor + "-heading"))
        .Id(anchor)
        .Set(HtmlAttribute.AriaLabelledBy, anchor + "-heading");

    /// <summary>Returns the count of what a list leaves out; null when it is complete.</summary>
    public static HtmlElement? Rest(int count, int shown, string thing) => count <= shown
        ? null
        : HtmlElement.Of(HtmlTag.Li, Format.Line($"and {Format.Count(count - shown, thing)} more")).Class("rest");

    /// <summary>Returns whether a promotion is signed.</summary>
    public static HtmlElement? Signature(SignatureState state) => state switch
    {
        SignatureState.Signed => Chip("good", "ok", "signed"),
        SignatureState.Unsigned => Chip("quiet", "dash", "not signed"),
        SignatureState.Invalid => Chip("bad", "alert", "signature does not count"),
        _ => null,
    };

    /// <summary>Returns the kind of a mark, with the look of its gravity.</summary>
    public static (string Look, string Icon, string Word) Describe(StatusMarkKind kind) => kind switch
    {
        StatusMarkKind.Unreadable => ("bad", "alert", "cannot be read"),
        StatusMarkKind.MovedTag => ("bad", "alert", "tag was moved"),
        StatusMarkKind.Unattested => ("bad", "alert", "not attested"),
        StatusMarkKind.BrokenOrder => ("bad", "alert", "order broken"),
        StatusMarkKind.OtherOnHosts => ("bad", "alert", "hosts run something else"),
        StatusMarkKind.Incomplete => ("warn", "alert", "incomplete"),
        StatusMarkKind.OpenBypass => ("bypass", "bypass", "bypass open"),
        StatusMarkKind.Held => ("hold", "pause", "held"),
        StatusMarkKind.Behind => ("warn", "behind", "behind"),
        StatusMarkKind.OldBaseImage => ("warn", "alert", "base image has moved on"),
        _ => ("warn", "alert", Format.Dashed(kind.ToString())),
    };

    /// <summary>Returns the kind of an event, with its look.</summary>
    public static (string Look, string Icon, string Word) Describe(HistoryEventKind kind) => kind switch
    {
        HistoryEventKind.Promotion => ("good", "ok", "Promotion"),
        HistoryEventKind.Return => ("return", "back", "Return"),
        HistoryEventKind.AutomaticReturn => ("return", "back", "Automatic return"),
        HistoryEventKind.Bypass => ("bypass", "bypass", "Bypass"),
        HistoryEventKind.Hold => ("hold", "pause", "Hold"),
        HistoryEventKind.HoldReleased => ("hold", "play", "Hold ended"),
        _ => ("quiet", "dash", Format.Dashed(kind.ToString())),
    };
}
