namespace Gantry.Display.Html;

/// <summary>
/// The name of an attribute. There are no others than these: no handler of an event, no style, no address. An address is a
/// <see cref="WebLink"/> or an anchor of the same document.
/// </summary>
internal sealed class HtmlAttribute
{
    private HtmlAttribute(string name) => Name = name;

    public static HtmlAttribute Lang { get; } = new("lang");

    public static HtmlAttribute Charset { get; } = new("charset");

    public static HtmlAttribute MetaName { get; } = new("name");

    public static HtmlAttribute HttpEquiv { get; } = new("http-equiv");

    public static HtmlAttribute Content { get; } = new("content");

    public static HtmlAttribute Id { get; } = new("id");

    public static HtmlAttribute Class { get; } = new("class");

    public static HtmlAttribute Role { get; } = new("role");

    public static HtmlAttribute Scope { get; } = new("scope");

    public static HtmlAttribute Title { get; } = new("title");

    public static HtmlAttribute DateTime { get; } = new("datetime");

    public static HtmlAttribute Hidden { get; } = new("hidden");

    public static HtmlAttribute Open { get; } = new("open");

    public static HtmlAttribute TabIndex { get; } = new("tabindex");

    public static HtmlAttribute For { get; } = new("for");

    public static HtmlAttribute Type { get; } = new("type");

    public static HtmlAttribute Autocomplete { get; } = new("autocomplete");

    public static HtmlAttribute Spellcheck { get; } = new("spellcheck");

    public static HtmlAttribute AriaLabel { get; } = new("aria-label");

    public static HtmlAttribute AriaLabelledBy { get; } = new("aria-labelledby");

    public static HtmlAttribute AriaHidden { get; } = new("aria-hidden");

    /// <summary>Gets the text by which the filter of the page finds a row.</summary>
    public static HtmlAttribute DataFind { get; } = new("data-find");

    /// <summary>Gets the number of a page that a server shows.</summary>
    public static HtmlAttribute DataPage { get; } = new("data-page");

    public static HtmlAttribute ViewBox { get; } = new("viewBox");

    public static HtmlAttribute Width { get; } = new("width");

    public static HtmlAttribute Height { get; } = new("height");

    public static HtmlAttribute Rx { get; } = new("rx");

    /// <summary>Gets the attribute that <see cref="HtmlElement.LinkTo(WebLink)"/> writes.</summary>
    internal static HtmlAttribute Href { get; } = new("href");

    internal static HtmlAttribute Rel { get; } = new("rel");

    /// <summary>The name.</summary>
    public string Name { get; }
}
