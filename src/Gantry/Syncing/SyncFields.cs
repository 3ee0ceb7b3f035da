using System.Globalization;

namespace Gantry.Syncing;

/// <summary>The values of a mapping. A key that is not read is unknown, which is an error.</summary>
/// <param name="node">The mapping.</param>
/// <param name="file">The name of the file in errors.</param>
internal sealed class SyncFields(SyncMapping node, string file)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>The line of the mapping.</summary>
    public long Line => node.Line;

    public static SyncFields Of(SyncNode node, string file) => node is SyncMapping mapping
        ? new(mapping, file)
        : throw SyncErrors.Malformed(file, node.Line, "there is no list of keys and values");

    /// <summary>Returns the line of a key.</summary>
    public long LineOf(string key) => node.Entries.TryGetValue(key, out var entry) ? entry.Line : node.Line;

    /// <summary>Returns true when there is a key with a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Returns a value; null when there is none.</summary>
    public SyncNode? Find(string key)
    {
        _known.Add(key);
        return node.Entries.TryGetValue(key, out var entry) && entry.Value is not SyncScalar { IsNull: true } ? entry.Value : null;
    }

    public string? Text(string key) => Find(key) switch
    {
        null => null,
        SyncScalar { Text: { Length: > 0 } text } => text,
        var other => throw SyncErrors.Malformed(file, other.Line, $"'{key}' is no text"),
    };

    public string RequiredText(string key) =>
        Text(key) ?? throw SyncErrors.Malformed(file, node.Line, $"'{key}' is missing");

    public bool? Flag(string key) => Find(key) switch
    {
        null => null,
        SyncScalar { Text: "true" } => true,
        SyncScalar { Text: "false" } => false,
        var other => throw SyncErrors.Malformed(file, other.Line, $"'{key}' is neither true nor false"),
    };

    public int? Number(string key, int least, int most) => Find(key) switch
    {
        null => null,
        SyncScalar scalar when int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most => number,
        var other => throw SyncErrors.Malformed(file, other.Line, $"'{key}' is no number from {least} to {most}"),
    };

    /// <summary>Returns the texts of a list, each with its line; a single text is a list of one.</summary>
    public IReadOnlyList<(string Text, long Line)> Texts(string key)
    {
        var items = Find(key) switch
        {
            null => [],
            SyncSequence list => list.Items,
            var single => [single],
        };
        return
        [
            .. items.Select(item => item is SyncScalar { IsNull: false, Text: { Length: > 0 } text }
                ? (text, item.Line)
                : throw SyncErrors.Malformed(file, item.Line, $"'{key}' has an entry that is no text")),
        ];
    }

    /// <summary>Returns the mappings of a list.</summary>
    public IReadOnlyList<SyncFields> List(string key) => Find(key) switch
    {
        null => [],
        SyncSequence list => [.. list.Items.Select(item => Of(item, file))],
        var other => throw SyncErrors.Malformed(file, other.Line, $"'{key}' is no list"),
    };

    /// <summary>Returns a mapping; an empty one when there is none.</summary>
    public SyncFields Fields(string key) =>
        Find(key) is { } value ? Of(value, file) : new(new SyncMapping(node.Line, new Dictionary<string, SyncEntryNode>()), file);

    /// <summary>Refuses keys that were not read.</summary>
    public void RefuseOthers(Func<string, bool>? allowed = null)
    {
        foreach (var (key, entry) in node.Entries)
        {
            if (!_known.Contains(key) && allowed?.Invoke(key) != true)
                throw SyncErrors.UnknownKey(file, entry.Line, key, [.. _known.Order(StringComparer.Ordinal)]);
        }
    }
}
