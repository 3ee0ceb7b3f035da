using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gantry.Status;

/// <summary>Writes what the JSON documents have in common.</summary>
internal static class DocumentNames
{
    /// <summary>Returns the name of a value: <c>movedTag</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Returns the description of an error.</summary>
    public static JsonObject Describe(GantryException error) => new()
    {
        ["code"] = error.Code,
        ["problem"] = error.Problem,
        ["remedy"] = error.Remedy,
    };
}
