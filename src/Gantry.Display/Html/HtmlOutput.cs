namespace Gantry.Display.Html;

/// <summary>Receives a document: the only place where markup becomes characters.</summary>
/// <param name="writer">Receives the characters.</param>
/// <param name="secrets">Masks the credentials of a session in every text; null to mask nothing.</param>
internal sealed class HtmlOutput(TextWriter writer, SecretMask? secrets)
{
    /// <summary>Writes the beginning of a document in the mode of standards.</summary>
    public void WriteDoctype() => writer.Write("<!DOCTYPE html>\n");

    /// <summary>Writes the beginning of a start tag.</summary>
    public void BeginTag(HtmlTag tag)
    {
        writer.Write('<');
        writer.Write(tag.Name);
    }

    /// <summary>Writes an attribute of the start tag that has begun.</summary>
    public void WriteAttribute(HtmlAttribute attribute, DisplayText? value)
    {
        writer.Write(' ');
        writer.Write(attribute.Name);
        if (value is null)
            return;
        writer.Write("=\"");
        WriteText(value);
        writer.Write('"');
    }

    /// <summary>Ends the start tag.</summary>
    public void EndTag() => writer.Write('>');

    /// <summary>Writes an end tag.</summary>
    public void WriteEnd(HtmlTag tag)
    {
        writer.Write("</");
        writer.Write(tag.Name);
        writer.Write(tag.EndsLine ? ">\n" : ">");
    }

    /// <summary>
    /// Writes text, neutralized and then encoded, so that it can be in an element and in a quoted attribute. An apostrophe and a backtick
    /// are encoded, too, although no attribute is written with them.
    /// </summary>
    public void WriteText(DisplayText text)
    {
        foreach (var letter in text.ToString(secrets))
        {
            switch (letter)
            {
                case '&':
                    writer.Write("&amp;");
                    break;
                case '<':
                    writer.Write("&lt;");
                    break;
                case '>':
                    writer.Write("&gt;");
                    break;
                case '"':
                    writer.Write("&quot;");
                    break;
                case '\'':
                    writer.Write("&#39;");
                    break;
                case '`':
                    writer.Write("&#96;");
                    break;
                default:
                    writer.Write(letter);
                    break;
            }
        }
    }

    /// <summary>Writes a style sheet or a script of this package as it is.</summary>
    public void WriteCode(InlineCode code) => writer.Write(code.Text);
}
