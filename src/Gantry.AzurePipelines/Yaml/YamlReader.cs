using System.Globalization;
using Gantry.IO;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gantry.AzurePipelines.Yaml;

/// <summary>Reads YAML as the service does: one document, without anchors and tags, with every key once.</summary>
internal static class YamlReader
{
    /// <summary>Reads a document. Throws <see cref="YamlSyntaxException"/> when the service would refuse it.</summary>
    public static YamlValue Read(string text)
    {
        var parser = new CheckedYamlParser(text);
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
                throw new YamlSyntaxException(1, "it is empty");
            var value = ReadValue(parser);
            parser.Consume<DocumentEnd>();
            return parser.TryConsume<DocumentStart>(out var next)
                ? throw new YamlSyntaxException(next.Start.Line, "a second document begins")
                : value;
        }
        catch (YamlException exception)
        {
            throw new YamlSyntaxException(exception.Start.Line, exception.Message.Split('\n')[0].TrimEnd('.'));
        }
    }

    private static YamlValue ReadValue(IParser parser)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
            throw new YamlSyntaxException(alias.Start.Line, $"it has the alias '*{alias.Value}', which the service does not take");
        if (parser.Current is NodeEvent node)
            RefuseProperties(node);
        if (parser.TryConsume<Scalar>(out var scalar))
            return new YamlScalar(scalar.Value, IsString: scalar.Style != ScalarStyle.Plain || !IsTyped(scalar.Value));

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlValue>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadValue(parser));
            return new YamlSequence(items);
        }

        parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<string, YamlValue>>();
        var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var line = parser.Current!.Start.Line;

            // The parser lets no other key pass.
            var key = ((YamlScalar)ReadValue(parser)).Text;
            if (!keys.Add(key))
                throw new YamlSyntaxException(line, $"the key '{key}' is there twice");
            entries.Add(new(key, ReadValue(parser)));
        }

        return new YamlMapping(entries);
    }

    private static void RefuseProperties(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
            throw new YamlSyntaxException(node.Start.Line, $"it has the anchor '&{node.Anchor.Value}', which the service does not take");
        if (!node.Tag.IsEmpty)
            throw new YamlSyntaxException(node.Start.Line, $"it has the tag '{node.Tag.Value}', which the service does not take");
    }

    private static bool IsTyped(string text) =>
        text is "true" or "false" || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text;
}

/// <summary>Reports YAML that the service would refuse.</summary>
internal sealed class YamlSyntaxException(long line, string reason) : Exception(reason)
{
    /// <summary>The line, from 1; 0 when there is none.</summary>
    public long Line { get; } = line;
}
