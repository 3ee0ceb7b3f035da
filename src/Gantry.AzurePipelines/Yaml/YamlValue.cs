using System.Globalization;

namespace Gantry.AzurePipelines.Yaml;

/// <summary>
/// Any YAML value: the form of a node of the model before it is written, and the value where the schema of Azure Pipelines accepts anything
/// (parameters of templates). Values are equal when their content is equal.
/// </summary>
internal abstract record YamlValue
{
    private protected YamlValue()
    {
    }

    /// <summary>A string.</summary>
    public static YamlValue Of(string text) => new YamlScalar(text, IsString: true);

    /// <summary>A boolean.</summary>
    public static YamlValue Of(bool value) => new YamlScalar(value ? "true" : "false", IsString: false);

    /// <summary>A whole number.</summary>
    public static YamlValue Of(int value) => new YamlScalar(value.ToString(CultureInfo.InvariantCulture), IsString: false);

    /// <summary>A sequence of strings.</summary>
    public static YamlValue Of(IEnumerable<string> texts) => new YamlSequence([.. texts.Select(Of)]);
}

/// <summary>A scalar.</summary>
/// <param name="Text">The text of the scalar.</param>
/// <param name="IsString">True for a string, which is quoted when it would otherwise be read as something else.</param>
internal sealed record YamlScalar(string Text, bool IsString) : YamlValue;

/// <summary>A sequence.</summary>
/// <param name="Items">The items, in order.</param>
internal sealed record YamlSequence(IReadOnlyList<YamlValue> Items) : YamlValue
{
    /// <inheritdoc/>
    public bool Equals(YamlSequence? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);
}

/// <summary>A mapping that keeps the order of its keys.</summary>
/// <param name="Entries">The entries, in order; every key once.</param>
internal sealed record YamlMapping(IReadOnlyList<KeyValuePair<string, YamlValue>> Entries) : YamlValue
{
    /// <summary>Returns the value of a key, or null.</summary>
    public YamlValue? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key).Value;

    /// <inheritdoc/>
    public bool Equals(YamlMapping? other) => other is not null && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Aggregate(19, (hash, entry) => HashCode.Combine(hash, entry.Key, entry.Value));
}
