using YamlDotNet.RepresentationModel;

namespace Gantry.WorkflowRunner;

/// <summary>Reads YAML, and refuses keys that are not known here.</summary>
internal static class WorkflowYaml
{
    public static YamlMappingNode Load(string file)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(file);
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public static YamlMappingNode Allow(this YamlMappingNode node, string what, params IReadOnlyList<string> keys)
    {
        var unknown = node.Children.Keys.Cast<YamlScalarNode>().FirstOrDefault(key => !keys.Contains(key.Value));
        return unknown is null ? node : throw new WorkflowException($"{what} has the unknown key '{unknown.Value}'");
    }

    public static YamlNode? Find(this YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? value : null;

    public static string? Text(this YamlMappingNode node, string key) => (node.Find(key) as YamlScalarNode)?.Value;

    public static YamlMappingNode Mapping(this YamlMappingNode node, string key) => node.Find(key) switch
    {
        null or YamlScalarNode { Value: "" or null } => new YamlMappingNode(),
        YamlMappingNode mapping => mapping,
        _ => throw new WorkflowException($"'{key}' is no mapping"),
    };

    public static IReadOnlyList<string> Texts(this YamlMappingNode node, string key) => node.Find(key) switch
    {
        null => [],
        YamlScalarNode scalar => [scalar.Value!],
        YamlSequenceNode sequence => [.. sequence.Cast<YamlScalarNode>().Select(item => item.Value!)],
        _ => throw new WorkflowException($"'{key}' is no list"),
    };

    public static IEnumerable<KeyValuePair<string, string>> Pairs(this YamlMappingNode node) => node.Children.Select(entry =>
        KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, ((YamlScalarNode)entry.Value).Value ?? ""));
}
