using YamlDotNet.RepresentationModel;

namespace Gantry.Admission.Tests.Fixtures;

/// <summary>Reads YAML with a reader that is not the writer's.</summary>
internal static class Yaml
{
    public static IReadOnlyList<YamlMappingNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    /// <summary>Returns the node at a path of keys and positions: <c>spec.rules.0.name</c>.</summary>
    public static YamlNode At(this YamlNode node, string path) => path.Split('.').Aggregate(node, (at, step) => at switch
    {
        YamlSequenceNode sequence => sequence.Children[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)],
        _ => ((YamlMappingNode)at).Children[new YamlScalarNode(step)],
    });

    public static string TextAt(this YamlNode node, string path) => ((YamlScalarNode)node.At(path)).Value!;

    public static IReadOnlyList<YamlNode> ItemsAt(this YamlNode node, string path) => [.. ((YamlSequenceNode)node.At(path)).Children];

    public static IReadOnlyList<string> TextsAt(this YamlNode node, string path) =>
        [.. node.ItemsAt(path).Select(item => ((YamlScalarNode)item).Value!)];

    public static bool Has(this YamlNode node, string key) => ((YamlMappingNode)node).Children.ContainsKey(new YamlScalarNode(key));
}
