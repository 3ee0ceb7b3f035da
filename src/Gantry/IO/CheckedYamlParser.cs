using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gantry.IO;

/// <summary>
/// Reads the events of YAML text. Whatever is malformed is a <see cref="YamlException"/> here, and so is what a reader of events could not
/// follow to an end: nodes that are nested very deeply, that contain themselves, or that are keys and no text.
/// </summary>
/// <param name="text">The text.</param>
internal sealed class CheckedYamlParser(string text) : IParser
{
    // Deeper than any file of a team; the stack of a thread takes many times that.
    private const int NestedLevels = 100;

    private readonly Parser _parser = new(new StringReader(text));
    private readonly Stack<OpenNode> _open = [];

    public ParsingEvent? Current => _parser.Current;

    public bool MoveNext()
    {
        if (!Advance())
            return false;
        if (Current is NodeEvent or AnchorAlias)
            CheckNode(Current);
        if (Current is MappingStart or SequenceStart)
            _open.Push(new OpenNode { Anchor = ((NodeEvent)Current).Anchor, IsMapping = Current is MappingStart });
        else if (Current is MappingEnd or SequenceEnd)
            _open.Pop();
        return true;
    }

    private bool Advance()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The library's scanner also throws what an empty collection throws.
            var place = Current?.End ?? Mark.Empty;
            throw new YamlException(place, place, "it is not YAML", exception);
        }
    }

    private void CheckNode(ParsingEvent node)
    {
        if (_open.Count > NestedLevels)
            throw new YamlException(node.Start, node.End, "it is nested too deeply");
        if (node is AnchorAlias alias && _open.Any(open => open.Anchor == alias.Value))
            throw new YamlException(node.Start, node.End, $"the node '&{alias.Value}' contains itself");
        if (_open.TryPeek(out var parent) && parent.TakesKey() && node is not Scalar)
            throw new YamlException(node.Start, node.End, "a key is no text");
    }

    /// <summary>A mapping or sequence that has begun.</summary>
    private sealed class OpenNode
    {
        private bool _hasKey;

        public required AnchorName Anchor { get; init; }

        public required bool IsMapping { get; init; }

        /// <summary>Returns whether the next node within it is a key, and counts that node.</summary>
        public bool TakesKey() => IsMapping && (_hasKey = !_hasKey);
    }
}
