using System.Text.Json.Nodes;

namespace Gantry.Testing.AzureDevOps;

/// <summary>Reads the body of a request and accepts only documented members.</summary>
internal static class StrictBody
{
    /// <summary>Refuses a body with other members than these, or without one of those that do not end with '?'.</summary>
    public static JsonObject RequireMembers(JsonNode? node, string what, params string[] members)
    {
        if (node is not JsonObject body)
            throw RefusedRequestException.Malformed($"{what} is no object");
        var known = members.Select(member => member.TrimEnd('?')).ToHashSet(StringComparer.Ordinal);
        if (body.FirstOrDefault(member => !known.Contains(member.Key)) is { Key: { } unknown })
            throw RefusedRequestException.Malformed($"Could not find member '{unknown}' on {what}");
        if (members.FirstOrDefault(member => !member.EndsWith('?') && body[member] is null) is { } missing)
            throw RefusedRequestException.Malformed($"{what} has no '{missing}'");
        return body;
    }

    public static string Text(JsonNode? node, string what) =>
        node is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw RefusedRequestException.Malformed($"{what} is no text");

    public static int Number(JsonNode? node, string what) =>
        node is JsonValue value && value.TryGetValue<int>(out var number)
            ? number
            : throw RefusedRequestException.Malformed($"{what} is no whole number");

    public static bool Boolean(JsonNode? node, string what) =>
        node is JsonValue value && value.TryGetValue<bool>(out var truth)
            ? truth
            : throw RefusedRequestException.Malformed($"{what} is no truth value");
}
