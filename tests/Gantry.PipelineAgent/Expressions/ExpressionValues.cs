using System.Globalization;
using Gantry.AzurePipelines.Yaml;

namespace Gantry.PipelineAgent.Expressions;

/// <summary>Converts values of expressions: null, boolean, number, string, version, list and dictionary.</summary>
/// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/process/expressions#type-casting">
/// Azure Pipelines, type casting
/// </seealso>
internal static class ExpressionValues
{
    public static bool ToBoolean(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        decimal number => number != 0,
        string text => text.Length > 0,
        _ => true,
    };

    public static string ToText(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "True" : "False",
        decimal number => number.ToString("0.#######", CultureInfo.InvariantCulture),
        string text => text,
        Version version => version.ToString(),
        _ => "",
    };

    public static bool TryToNumber(object? value, out decimal number)
    {
        number = 0;
        switch (value)
        {
            case null:
                return true;
            case bool flag:
                number = flag ? 1 : 0;
                return true;
            case decimal given:
                number = given;
                return true;
            case string { Length: 0 }:
                return true;
            case string text:
                const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite
                    | NumberStyles.AllowThousands | NumberStyles.AllowTrailingWhite;
                return decimal.TryParse(text, style, CultureInfo.InvariantCulture, out number);
            default:
                return false;
        }
    }

    /// <summary>
    /// Compares for equality: the right value is converted to the type of the left one; when that is impossible, they differ.
    /// </summary>
    public static bool AreEqual(object? left, object? right) => left switch
    {
        null => right is null or "",
        bool flag => flag == ToBoolean(right),
        decimal number => TryToNumber(right, out var other) && number == other,
        string text =>
            right is null or bool or decimal or string or Version && text.Equals(ToText(right), StringComparison.OrdinalIgnoreCase),
        Version version => TryToVersion(right, out var other) && version == other,
        _ => ReferenceEquals(left, right),
    };

    /// <summary>
    /// Compares the order: the right value is converted to the type of the left one; when that is impossible, the expression fails.
    /// </summary>
    public static int Compare(object? left, object? right) => left switch
    {
        bool flag => flag.CompareTo(ToBoolean(right)),
        decimal number when TryToNumber(right, out var other) => number.CompareTo(other),
        string text => string.Compare(text, ToText(right), StringComparison.OrdinalIgnoreCase),
        Version version when TryToVersion(right, out var other) => version.CompareTo(other),
        _ => throw new PipelineException($"'{ToText(left)}' and '{ToText(right)}' cannot be compared"),
    };

    /// <summary>
    /// Converts YAML: mappings to dictionaries, sequences to lists, scalars to text, or to booleans and numbers when not quoted.
    /// </summary>
    public static object? FromYaml(YamlValue value) => value switch
    {
        YamlScalar { IsString: false, Text: "true" } => true,
        YamlScalar { IsString: false, Text: "false" } => false,
        YamlScalar { IsString: false } scalar when decimal.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalar scalar => scalar.Text,
        YamlSequence sequence => sequence.Items.Select(FromYaml).ToList(),
        YamlMapping mapping => new OrderedDictionary<string, object?>(
            mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, FromYaml(entry.Value))), StringComparer.OrdinalIgnoreCase),
        _ => null,
    };

    public static YamlValue ToYaml(object? value) => value switch
    {
        IDictionary<string, object?> dictionary =>
            new YamlMapping([.. dictionary.Select(entry => KeyValuePair.Create(entry.Key, ToYaml(entry.Value)))]),
        IReadOnlyList<object?> list => new YamlSequence([.. list.Select(ToYaml)]),
        bool flag => YamlValue.Of(flag),
        decimal number => new YamlScalar(ToText(number), IsString: false),
        _ => YamlValue.Of(ToText(value)),
    };

    private static bool TryToVersion(object? value, out Version? version)
    {
        version = value as Version;
        return version is not null || (value is string or decimal && Version.TryParse(ToText(value), out version));
    }
}
