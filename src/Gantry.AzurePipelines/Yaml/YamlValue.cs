using System.Globalization;

namespace Gantry.AzurePipelines.Yaml;

/// <summary>
/// Any YAML value: what a node of the model becomes before it is written, and what stands where the schema of Azure Pipelines takes
/// anything (parameters of templates). Values are equal when their content is.
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
/// <param name="Text">What it says.</param>
/// <param name="IsString">Whether it is a string, and is quoted where it would otherwise be read as something else.</param>
internal sealed record YamlScalar(string Text, bool IsString) : YamlValue;

/// <summary>A sequence.</summary>
/// <param name="Items">The items in their order.</param>
internal sealed record YamlSequence(IReadOnlyList<YamlValue> Items) : YamlValue
{
    /// <inheritdoc/>
    public bool Equals(YamlSequence? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);
}

/// <summary>A mapping whose keys keep their order.</summary>
/// <param name="Entries">The entries in their order; every key once.</param>
internal sealed record YamlMapping(IReadOnlyList<KeyValuePair<string, YamlValue>> Entries) : YamlValue
{
    /// <summary>The value of a key, or null.</summary>
    public YamlValue? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key).Value;

    /// <inheritdoc/>
    public bool Equals(YamlMapping? other) => other is not null && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Aggregate(19, (hash, entry) => HashCode.Combine(hash, entry.Key, entry.Value));
}
