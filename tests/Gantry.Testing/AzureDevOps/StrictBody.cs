using System.Text.Json.Nodes;

namespace Gantry.Testing.AzureDevOps;

/// <summary>Reads a body of a request and takes nothing that is not documented.</summary>
internal static class StrictBody
{
    /// <summary>Refuses what has other members than these, or lacks one without '?' at its end.</summary>
    public static JsonObject Only(JsonNode? node, string what, params string[] members)
    {
        if (node is not JsonObject body)
            throw ServiceRefusalException.Malformed($"{what} is no object");
        var known = members.Select(member => member.TrimEnd('?')).ToHashSet(StringComparer.Ordinal);
        if (body.FirstOrDefault(member => !known.Contains(member.Key)) is { Key: { } unknown })
            throw ServiceRefusalException.Malformed($"Could not find member '{unknown}' on {what}");
        if (members.FirstOrDefault(member => !member.EndsWith('?') && body[member] is null) is { } missing)
            throw ServiceRefusalException.Malformed($"{what} has no '{missing}'");
        return body;
    }

    public static string Text(JsonNode? node, string what) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw ServiceRefusalException.Malformed($"{what} is no text");

    public static int Number(JsonNode? node, string what) =>
        node is JsonValue value && value.TryGetValue<int>(out var number) ? number : throw ServiceRefusalException.Malformed($"{what} is no whole number");

    public static bool Truth(JsonNode? node, string what) =>
        node is JsonValue value && value.TryGetValue<bool>(out var truth) ? truth : throw ServiceRefusalException.Malformed($"{what} is no truth value");
}
