namespace Gantry.Display.Html;

/// <summary>
/// The name of an element. There are no others than these: none loads anything, and only <see cref="InlineCode"/> is code.
/// </summary>
internal sealed class HtmlTag
{
    private HtmlTag(string name, bool isVoid = false, bool endsLine = false)
    {
        Name = name;
        IsVoid = isVoid;
        EndsLine = endsLine;
    }

    public static HtmlTag Html { get; } = new("html", endsLine: true);

    public static HtmlTag Head { get; } = new("head", endsLine: true);

    public static HtmlTag Meta { get; } = new("meta", isVoid: true);

    public static HtmlTag Title { get; } = new("title", endsLine: true);

    public static HtmlTag Style { get; } = new("style", endsLine: true);

    public static HtmlTag Script { get; } = new("script", endsLine: true);

    public static HtmlTag Body { get; } = new("body", endsLine: true);

    public static HtmlTag Header { get; } = new("header", endsLine: true);

    public static HtmlTag Nav { get; } = new("nav", endsLine: true);

    public static HtmlTag Main { get; } = new("main", endsLine: true);

    public static HtmlTag Footer { get; } = new("footer", endsLine: true);

    public static HtmlTag Section { get; } = new("section", endsLine: true);

    public static HtmlTag Article { get; } = new("article", endsLine: true);

    public static HtmlTag H1 { get; } = new("h1", endsLine: true);

    public static HtmlTag H2 { get; } = new("h2", endsLine: true);

    public static HtmlTag H3 { get; } = new("h3", endsLine: true);

    public static HtmlTag P { get; } = new("p", endsLine: true);

    public static HtmlTag Div { get; } = new("div", endsLine: true);

    public static HtmlTag Span { get; } = new("span");

    public static HtmlTag Strong { get; } = new("strong");

    public static HtmlTag Code { get; } = new("code");

    public static HtmlTag Q { get; } = new("q");

    public static HtmlTag A { get; } = new("a");

    public static HtmlTag Time { get; } = new("time");

    public static HtmlTag Ul { get; } = new("ul", endsLine: true);

    public static HtmlTag Ol { get; } = new("ol", endsLine: true);

    public static HtmlTag Li { get; } = new("li", endsLine: true);

    public static HtmlTag Table { get; } = new("table", endsLine: true);

    public static HtmlTag Caption { get; } = new("caption", endsLine: true);

    public static HtmlTag Thead { get; } = new("thead", endsLine: true);

    public static HtmlTag Tbody { get; } = new("tbody", endsLine: true);

    public static HtmlTag Tr { get; } = new("tr", endsLine: true);

    public static HtmlTag Th { get; } = new("th", endsLine: true);

    public static HtmlTag Td { get; } = new("td", endsLine: true);

    public static HtmlTag Details { get; } = new("details", endsLine: true);

    public static HtmlTag Summary { get; } = new("summary");

    public static HtmlTag Label { get; } = new("label");

    public static HtmlTag Input { get; } = new("input", isVoid: true);

    public static HtmlTag Svg { get; } = new("svg");

    public static HtmlTag Rect { get; } = new("rect");

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>True for an element without content and end tag.</summary>
    public bool IsVoid { get; }

    /// <summary>True when a line ends after the element, where a space says nothing.</summary>
    public bool EndsLine { get; }

    /// <summary>True for an element whose content is not read as markup: only code of this package can be in it.</summary>
    public bool IsCode => Name is "style" or "script";
}
