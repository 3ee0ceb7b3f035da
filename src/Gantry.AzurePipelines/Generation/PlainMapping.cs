using System.Globalization;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Takes known keys out of a mapping that a team wrote. What is left at the end has no type.</summary>
/// <param name="mapping">The mapping.</param>
internal sealed class PlainMapping(YamlMapping mapping)
{
    private readonly List<KeyValuePair<string, YamlValue>> _entries = [.. mapping.Entries];

    /// <summary>The entries that were not taken, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, YamlValue>> Rest => _entries;

    /// <summary>The first key, which says of what kind the mapping is.</summary>
    public string Kind => _entries is [var (key, _), ..] ? key : "";

    public YamlValue? Take(string key)
    {
        var at = _entries.FindIndex(entry => entry.Key == key);
        if (at < 0)
            return null;
        var value = _entries[at].Value;
        _entries.RemoveAt(at);
        return value;
    }

    public string? TakeText(string key) => Take(key) switch
    {
        null => null,
        YamlScalar scalar => scalar.Text,
        _ => throw new YamlSyntaxException(0, $"'{key}' is no text"),
    };

    public string RequireText(string key) =>
        TakeText(key) is { Length: > 0 } text ? text : throw new YamlSyntaxException(0, $"'{key}' is missing or empty");

    /// <summary>Takes a number or a boolean. An expression of a template stays where it is.</summary>
    public bool TakeBoolean(string key) => TakeTyped(key, text => bool.TryParse(text, out var value) ? value : (bool?)null) ?? false;

    /// <inheritdoc cref="TakeBoolean"/>
    public int? TakeNumber(string key) => TakeTyped(
        key, text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : (int?)null);

    /// <summary>Takes one text or a list of texts; null when the key is not there.</summary>
    public IReadOnlyList<string>? TakeTexts(string key) => Take(key) switch
    {
        null => null,
        YamlScalar scalar => [scalar.Text],
        YamlSequence sequence when sequence.Items.All(item => item is YamlScalar) =>
            [.. sequence.Items.Select(item => ((YamlScalar)item).Text)],
        _ => throw new YamlSyntaxException(0, $"'{key}' is neither a text nor a list of texts"),
    };

    public YamlMapping? TakeMapping(string key) => Take(key) switch
    {
        null => null,
        YamlMapping value => value,
        _ => throw new YamlSyntaxException(0, $"'{key}' has no keys of its own"),
    };

    /// <summary>Takes a mapping whose values are texts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> TakePairs(string key) =>
        [.. (TakeMapping(key)?.Entries ?? []).Select(entry => entry.Value is YamlScalar { Text: var text }
            ? KeyValuePair.Create(entry.Key, text)
            : throw new YamlSyntaxException(0, $"'{key}' has the entry '{entry.Key}', which is no text"))];

    private T? TakeTyped<T>(string key, Func<string, T?> parse)
        where T : struct
    {
        var at = _entries.FindIndex(entry => entry.Key == key);
        if (at < 0 || _entries[at].Value is YamlScalar { Text: var template } && template.Contains("${{", StringComparison.Ordinal))
            return null;
        return TakeText(key) is { } text && parse(text) is { } value
            ? value
            : throw new YamlSyntaxException(0, $"'{key}' has a value that is not of its type");
    }
}
