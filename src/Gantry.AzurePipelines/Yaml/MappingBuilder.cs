namespace Gantry.AzurePipelines.Yaml;

/// <summary>Builds a mapping in the order of the calls; null and empty values are omitted.</summary>
internal sealed class MappingBuilder
{
    private readonly List<KeyValuePair<string, YamlValue>> _entries = [];

    public MappingBuilder Add(string key, YamlValue? value)
    {
        if (value is not null)
            _entries.Add(new(key, value));
        return this;
    }

    public MappingBuilder Add(string key, string? text) => Add(key, text is null ? null : YamlValue.Of(text));

    public MappingBuilder Add(string key, bool? value) => Add(key, value is { } known ? YamlValue.Of(known) : null);

    public MappingBuilder Add(string key, int? value) => Add(key, value is { } known ? YamlValue.Of(known) : null);

    /// <summary>Adds a list, unless it is empty.</summary>
    public MappingBuilder Add(string key, IReadOnlyList<string> texts) => Add(key, texts.Count == 0 ? null : YamlValue.Of(texts));

    /// <summary>Adds a list, unless it is empty.</summary>
    public MappingBuilder Add(string key, IEnumerable<YamlValue> items)
    {
        YamlValue[] all = [.. items];
        return Add(key, all.Length == 0 ? null : new YamlSequence(all));
    }

    /// <summary>Adds a mapping, unless it is empty.</summary>
    public MappingBuilder Add(string key, IReadOnlyList<KeyValuePair<string, string>> entries) =>
        Add(
            key,
            entries.Count == 0
                ? null
                : new YamlMapping([.. entries.Select(entry => KeyValuePair.Create(entry.Key, YamlValue.Of(entry.Value)))]));

    /// <summary>Adds the entries of another.</summary>
    public MappingBuilder Add(MappingBuilder other)
    {
        _entries.AddRange(other._entries);
        return this;
    }

    /// <summary>Adds entries as they are.</summary>
    public MappingBuilder Add(IReadOnlyList<KeyValuePair<string, YamlValue>> entries)
    {
        _entries.AddRange(entries);
        return this;
    }

    public YamlMapping Build() => new(_entries);

    /// <summary>Returns null for a mapping without entries.</summary>
    public YamlMapping? BuildUnlessEmpty() => _entries.Count == 0 ? null : Build();
}
