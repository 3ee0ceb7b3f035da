using System.Text;
using System.Xml;

namespace Nuke.Common.Execution;

/// <summary>What the documentation beside an assembly says of a type.</summary>
internal static class XmlSummary
{
    public static string Of(Type type)
    {
        var file = string.IsNullOrEmpty(type.Assembly.Location) ? null : Path.ChangeExtension(type.Assembly.Location, ".xml");
        if (!File.Exists(file))
            return string.Empty;

        using var reader = XmlReader.Create(file);
        var name = $"T:{type.FullName!.Replace('+', '.')}";
        while (reader.ReadToFollowing("member"))
        {
            if (reader.GetAttribute("name") == name && reader.ReadToDescendant("summary"))
                return Unindent(TextOf(reader.ReadSubtree()));
        }

        return string.Empty;
    }

    private static string TextOf(XmlReader summary)
    {
        var text = new StringBuilder();
        while (summary.Read())
        {
            if (summary.NodeType is XmlNodeType.Text or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
                text.Append(summary.Value);
            else if (summary is { NodeType: XmlNodeType.Element, IsEmptyElement: true } && summary.GetAttribute("cref") is { } reference)
                text.Append(reference[(reference.LastIndexOf('.') + 1)..]);
            else if (summary is { NodeType: XmlNodeType.Element, IsEmptyElement: true } && summary.GetAttribute("langword") is { } word)
                text.Append(word);
        }

        return text.ToString();
    }

    private static string Unindent(string text)
        => string.Join('\n', text.ReplaceLineEndings("\n").Trim('\n', ' ').Split('\n').Select(x => x.Trim()));
}
