using Gantry.AzurePipelines.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gantry.PipelineAgent;

/// <summary>Reads YAML like the service: every scalar is text, keys are unique regardless of case, anchors are refused.</summary>
internal static class PipelineYaml
{
    public static YamlValue Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 1
            ? Convert(stream.Documents[0].RootNode)
            : throw new PipelineException("a pipeline is one YAML document");
    }

    private static YamlValue Convert(YamlNode node)
    {
        if (!node.Anchor.IsEmpty)
            throw new PipelineException($"Anchors are not currently supported. Remove the anchor '{node.Anchor}'");
        return node switch
        {
            YamlScalarNode scalar => new YamlScalar(
                scalar.Value ?? "",
                IsString: scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || !LooksTyped(scalar.Value ?? "")),
            YamlSequenceNode sequence => new YamlSequence([.. sequence.Children.Select(Convert)]),
            YamlMappingNode mapping => new YamlMapping(
                [.. Unique(mapping).Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, Convert(entry.Value)))]),
            _ => throw new PipelineException($"{node.NodeType} is not supported"),
        };
    }

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Unique(YamlMappingNode mapping)
    {
        var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in mapping.Children)
        {
            var key = ((YamlScalarNode)entry.Key).Value!;
            if (!keys.Add(key))
                throw new PipelineException($"'{key}' is already defined");
            yield return entry;
        }
    }

    private static bool LooksTyped(string text) => text is "true" or "false" || int.TryParse(text, out _);
}

/// <summary>The reason why a pipeline cannot run or a step failed.</summary>
public sealed class PipelineException(string message) : Exception(message);
