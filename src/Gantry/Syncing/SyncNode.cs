using Gantry.IO;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gantry.Syncing;

/// <summary>A value of YAML, with its line.</summary>
/// <param name="Line">The line, from 1.</param>
internal abstract record SyncNode(long Line)
{
    /// <summary>Reads one document, in which every key is there once.</summary>
    public static SyncNode Read(string text, string file)
    {
        var parser = new CheckedYamlParser(text);
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
                throw SyncErrors.Malformed(file, 0, "it is empty");
            var node = new Reader(parser, file).Read();
            parser.Consume<DocumentEnd>();
            return parser.TryConsume<DocumentStart>(out var next)
                ? throw SyncErrors.Malformed(file, next.Start.Line, "a second document begins")
                : node;
        }
        catch (YamlException exception)
        {
            throw SyncErrors.Malformed(file, exception.Start.Line, exception.Message.Split('\n')[0].TrimEnd('.'), exception);
        }
    }

    private sealed class Reader(IParser parser, string file)
    {
        private readonly Dictionary<string, SyncNode> _anchors = new(StringComparer.Ordinal);

        public SyncNode Read()
        {
            var line = parser.Current!.Start.Line;
            if (parser.TryConsume<AnchorAlias>(out var alias))
                return _anchors.GetValueOrDefault(alias.Value.Value)
                    ?? throw SyncErrors.Malformed(file, line, $"there is no anchor '{alias.Value.Value}' before it");
            var anchor = parser.Current is NodeEvent { Anchor.IsEmpty: false } named ? named.Anchor.Value : null;
            if (parser.Current is NodeEvent { Tag.IsEmpty: false } tagged)
                throw SyncErrors.Malformed(file, line, $"it has the tag '{tagged.Tag.Value}'");
            var node = ReadContent(line);
            if (anchor is not null)
                _anchors[anchor] = node;
            return node;
        }

        private SyncNode ReadContent(long line)
        {
            if (parser.TryConsume<Scalar>(out var scalar))
                return new SyncScalar(line, scalar.Value) { IsNull = scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } };
            if (parser.TryConsume<SequenceStart>(out _))
            {
                var items = new List<SyncNode>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                    items.Add(Read());
                return new SyncSequence(line, items);
            }

            parser.Consume<MappingStart>();
            var entries = new Dictionary<string, SyncEntryNode>(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var at = parser.Current!.Start.Line;
                // The parser lets no other key pass.
                var key = ((SyncScalar)Read()).Text;
                if (!entries.TryAdd(key, new SyncEntryNode(at, Read())))
                    throw SyncErrors.Malformed(file, at, $"the key '{key}' is there twice");
            }

            return new SyncMapping(line, Merge(entries));
        }

        // What is merged (<<) counts where the mapping has nothing of its own.
        private static Dictionary<string, SyncEntryNode> Merge(Dictionary<string, SyncEntryNode> entries)
        {
            if (!entries.Remove("<<", out var merged))
                return entries;
            var sources = merged.Value is SyncSequence several ? several.Items : [merged.Value];
            foreach (var (key, value) in sources.OfType<SyncMapping>().SelectMany(source => source.Entries))
                entries.TryAdd(key, value);
            return entries;
        }
    }
}

internal sealed record SyncScalar(long Line, string Text) : SyncNode(Line)
{
    public bool IsNull { get; init; }
}

internal sealed record SyncSequence(long Line, IReadOnlyList<SyncNode> Items) : SyncNode(Line);

internal sealed record SyncMapping(long Line, IReadOnlyDictionary<string, SyncEntryNode> Entries) : SyncNode(Line);

/// <summary>A value in a mapping, with the line of its key.</summary>
internal sealed record SyncEntryNode(long Line, SyncNode Value);
