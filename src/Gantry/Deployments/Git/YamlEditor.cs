using System.Text;
using Gantry.IO;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gantry.Deployments.Git;

/// <summary>
/// Changes single values of a YAML file in place. Every other byte stays: comments, order, quotes, line ends. (Parsing the file and writing
/// it again would lose them.)
/// </summary>
internal sealed class YamlEditor
{
    private const char ByteOrderMark = '\uFEFF';
    private readonly string _path;
    private readonly bool _hasMark;
    private readonly string _text;
    private readonly List<(int Start, int End, string Text)> _changes = [];

    private YamlEditor(string path, string text, bool hasMark, YamlNode root)
    {
        _path = path;
        _text = text;
        _hasMark = hasMark;
        Root = root;
    }

    /// <summary>The parsed document.</summary>
    public YamlNode Root { get; }

    /// <summary>Parses a file; throws <c>GAN4084</c> when it is malformed.</summary>
    /// <param name="path">The name of the file in messages.</param>
    /// <param name="text">The text, with its byte order mark if it has one.</param>
    public static YamlEditor Read(string path, string text)
    {
        try
        {
            var hasMark = text.StartsWith(ByteOrderMark);
            var readable = hasMark ? text[1..] : text;
            var stream = new YamlStream();
            stream.Load(new CheckedYamlParser(readable));
            return stream.Documents.Count == 0
                ? throw DeploymentErrors.UnreadableYaml(path, "it is empty")
                : new YamlEditor(path, readable, hasMark, stream.Documents[0].RootNode);
        }
        catch (ArgumentException exception)
        {
            // What the library throws for an event that has no place in a document.
            throw DeploymentErrors.UnreadableYaml(path, "it is not YAML", exception);
        }
        catch (YamlException exception)
        {
            var place = exception.Start.Line > 0 ? $" (line {exception.Start.Line})" : "";
            throw DeploymentErrors.UnreadableYaml(path, exception.Message.Split('\n')[0].TrimEnd('.') + place, exception);
        }
    }

    /// <summary>
    /// Sets an existing value. Throws <c>GAN4087</c> when it cannot be changed in place, for example because it is an alias.
    /// </summary>
    /// <param name="mapping">The mapping that contains the value.</param>
    /// <param name="key">The key of the value in the mapping.</param>
    /// <param name="value">The new value, as text.</param>
    /// <param name="what">The name of the value in messages.</param>
    public void Set(YamlMappingNode mapping, YamlScalarNode key, string value, string what) =>
        Set(mapping.Children[key], value, what, AfterColon(key));

    /// <summary>Sets an item of a list.</summary>
    public void Set(YamlSequenceNode list, int index, string value, string what) => Set(list.Children[index], value, what, empty: null);

    /// <summary>Adds values to a mapping, after an existing one.</summary>
    public void Add(YamlMappingNode mapping, YamlScalarNode behind, IReadOnlyList<KeyValuePair<string, string>> values, string what)
    {
        if (values.Count == 0)
            return;
        var end = EndOf(mapping.Children[behind], what, AfterColon(behind));
        if (mapping.Style == YamlDotNet.Core.Events.MappingStyle.Flow)
        {
            _changes.Add((end, end, string.Concat(values.Select(value => $", {value.Key}: {Plain(value.Value)}"))));
            return;
        }

        var line = _text.IndexOf('\n', end);
        var at = line < 0 ? _text.Length : line > 0 && _text[line - 1] == '\r' ? line - 1 : line;
        var lineBreak = _text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var indentation = new string(' ', (int)mapping.Children.First().Key.Start.Column - 1);
        _changes.Add((at, at, string.Concat(values.Select(value => $"{lineBreak}{indentation}{value.Key}: {Plain(value.Value)}"))));
    }

    /// <summary>Returns the text of the file with all changes.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        if (_hasMark)
            text.Append(ByteOrderMark);
        var at = 0;
        foreach (var (start, end, replacement) in _changes.OrderBy(change => change.Start))
        {
            text.Append(_text, at, start - at).Append(replacement);
            at = end;
        }

        return text.Append(_text, at, _text.Length - at).ToString();
    }

    private void Set(YamlNode node, string value, string what, int? empty)
    {
        if (node is not YamlScalarNode scalar)
            throw DeploymentErrors.ValueNotEditable(_path, what, "it is a mapping or a list");
        if (scalar.Value == value)
            return;
        if (scalar.Value is "" && scalar.Style == ScalarStyle.Plain)
        {
            var at = empty ?? throw DeploymentErrors.ValueNotEditable(_path, what, "it is empty");
            _changes.Add((at, at, " " + Plain(value)));
            return;
        }

        var (start, end) = PlaceOf(scalar, what, empty ?? 0);
        _changes.Add((start, end, scalar.Style switch
        {
            ScalarStyle.SingleQuoted => $"'{value}'",
            ScalarStyle.DoubleQuoted => $"\"{value}\"",
            _ => Plain(value),
        }));
    }

    private int EndOf(YamlNode node, string what, int empty) =>
        node is YamlScalarNode { Value: "", Style: ScalarStyle.Plain } ? empty
        : node is YamlScalarNode scalar ? PlaceOf(scalar, what, empty).End
        : throw DeploymentErrors.ValueNotEditable(_path, what, "it is a mapping or a list");

    // The text at this position must be this value and nothing else: not an anchor that others refer to, not an alias.
    private (int Start, int End) PlaceOf(YamlScalarNode scalar, string what, int after)
    {
        var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
        var stands = start < after ? "" : _text[start..end];
        var own = scalar.Style switch
        {
            ScalarStyle.Plain => stands == scalar.Value,
            ScalarStyle.SingleQuoted => stands is ['\'', .., '\''],
            ScalarStyle.DoubleQuoted => stands is ['"', .., '"'],
            _ => false,
        };
        return own
            ? (start, end)
            : throw DeploymentErrors.ValueNotEditable(_path, what, "it is an alias, has an anchor or a tag, or goes over several lines");
    }

    private int AfterColon(YamlScalarNode key) => _text.IndexOf(':', (int)key.End.Index) + 1;

    // A version such as 1.10 is a number in YAML, and not the text that it looks like.
    private static string Plain(string value) =>
        value.Contains('/', StringComparison.Ordinal)
        || value.Contains(':', StringComparison.Ordinal)
        || value.Count(letter => letter == '.') > 1
            ? value
            : $"\"{value}\"";
}
