namespace Gantry.Display.Html;

/// <summary>A part of a document. Text becomes one by conversion, and is neutralized and encoded when it is written.</summary>
internal abstract class HtmlNode
{
    /// <summary>Converts a text, which may be anything: it is shown, and cannot act.</summary>
    public static implicit operator HtmlNode(string text) => new HtmlText($"{text}");

    /// <summary>Converts a line for people.</summary>
    public static implicit operator HtmlNode(DisplayText text) => new HtmlText(text);

    /// <summary>Writes the part.</summary>
    internal abstract void Write(HtmlOutput output);
}

/// <summary>Text between elements.</summary>
internal sealed class HtmlText(DisplayText text) : HtmlNode
{
    /// <inheritdoc/>
    internal override void Write(HtmlOutput output) => output.WriteText(text);
}
