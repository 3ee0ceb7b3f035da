using System.Globalization;
using System.Text.Json;
using Mono.Cecil;

namespace StubAssemblies;

/// <summary>Constant values as text: those of fields in facts, and those of optional parameters in a listing.</summary>
internal static class Constants
{
    public static string Print(object? value) => value switch
    {
        null => "null",
        string text => JsonSerializer.Serialize(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>Reads a value that <see cref="Print" /> wrote.</summary>
    public static object? Parse(string text, string type) =>
        text.StartsWith('"') ? JsonSerializer.Deserialize<string>(text) : ParseListed(text, type);

    /// <summary>Reads a value as a listing has it: texts have no quotation marks, and enumerations are numbers.</summary>
    public static object? ParseListed(string text, string type) => text == "null" ? null : type switch
    {
        "System.String" or "System.Object" => text,
        "System.Boolean" => bool.Parse(text),
        "System.Char" => text[0],
        "System.Byte" => byte.Parse(text, CultureInfo.InvariantCulture),
        "System.Int16" => short.Parse(text, CultureInfo.InvariantCulture),
        "System.Int64" => long.Parse(text, CultureInfo.InvariantCulture),
        "System.UInt16" => ushort.Parse(text, CultureInfo.InvariantCulture),
        "System.UInt32" => uint.Parse(text, CultureInfo.InvariantCulture),
        "System.UInt64" => ulong.Parse(text, CultureInfo.InvariantCulture),
        "System.Single" => float.Parse(text, CultureInfo.InvariantCulture),
        "System.Double" => double.Parse(text, CultureInfo.InvariantCulture),
        _ when type.StartsWith("System.Nullable<", StringComparison.Ordinal) => ParseListed(text, TypeName.Arguments(type)[0]),
        _ => int.Parse(text, CultureInfo.InvariantCulture),
    };
}
