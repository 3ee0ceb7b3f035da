namespace Gantry.Display.Html;

/// <summary>An element with its attributes and its content.</summary>
/// <param name="tag">The name of the element.</param>
internal sealed class HtmlElement(HtmlTag tag) : HtmlNode
{
    private readonly List<(HtmlAttribute Attribute, DisplayText? Value)> _attributes = [];
    private readonly List<HtmlNode> _content = [];
    private InlineCode? _code;

    /// <summary>Creates an element with content; what is null is left out.</summary>
    public static HtmlElement Of(HtmlTag tag, params ReadOnlySpan<HtmlNode?> content) => new HtmlElement(tag).Add(content);

    /// <summary>Creates the element of a style sheet or script.</summary>
    public static HtmlElement Of(HtmlTag tag, InlineCode code) => tag.IsCode
        ? new HtmlElement(tag) { _code = code }
        : throw new ArgumentException($"<{tag.Name}> has no code", nameof(tag));

    /// <summary>Adds content; what is null is left out.</summary>
    public HtmlElement Add(params ReadOnlySpan<HtmlNode?> content)
    {
        foreach (var node in content)
        {
            if (node is not null)
                _content.Add(node);
        }

        return _content.Count == 0 || !(tag.IsVoid || tag.IsCode)
            ? this
            : throw new ArgumentException($"<{tag.Name}> has no content of others", nameof(content));
    }

    /// <summary>Adds content.</summary>
    public HtmlElement AddAll(IEnumerable<HtmlNode?> content)
    {
        foreach (var node in content)
            Add(node);
        return this;
    }

    /// <summary>Sets an attribute, whose value may be anything: it is limited, neutralized and encoded.</summary>
    public HtmlElement Set(HtmlAttribute attribute, string value)
    {
        _attributes.Add((attribute, $"{value}"));
        return this;
    }

    /// <summary>Sets an attribute that has no value.</summary>
    public HtmlElement Set(HtmlAttribute attribute)
    {
        _attributes.Add((attribute, null));
        return this;
    }

    /// <summary>Sets the classes of the style sheet.</summary>
    public HtmlElement Class(string names) => Set(HtmlAttribute.Class, names);

    /// <summary>Sets the anchor of the element.</summary>
    public HtmlElement Id(string anchor) => Set(HtmlAttribute.Id, anchor);

    /// <summary>Links to an address on the web, which does not learn from where.</summary>
    public HtmlElement LinkTo(WebLink link) =>
        Set(HtmlAttribute.Href, link.Address).Set(HtmlAttribute.Rel, "noopener noreferrer external");

    /// <summary>Links to an anchor of the same document.</summary>
    public HtmlElement LinkTo(string anchor) => Set(HtmlAttribute.Href, "#" + anchor);

    /// <inheritdoc/>
    internal override void Write(HtmlOutput output)
    {
        output.BeginTag(tag);
        foreach (var (attribute, value) in _attributes)
            output.WriteAttribute(attribute, value);
        output.EndTag();
        if (tag.IsVoid)
            return;
        if (_code is not null)
            output.WriteCode(_code);
        foreach (var node in _content)
            node.Write(output);
        output.WriteEnd(tag);
    }
}
