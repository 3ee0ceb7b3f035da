using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gantry.Testing;

/// <summary>
/// Validates JSON documents against those parts of JSON Schema that the schemas in docs/schemas use: types, properties, items, values,
/// patterns and definitions. A part that is not known fails.
/// </summary>
public static class JsonRules
{
    private static readonly string[] s_described = ["$schema", "$id", "$defs", "title", "description", "format"];

    /// <summary>Returns what is wrong with a document, each with its path.</summary>
    /// <param name="document">The document.</param>
    /// <param name="schema">The schema.</param>
    public static IReadOnlyList<string> Validate(JsonNode? document, JsonObject schema) => [.. Validate(document, schema, schema, "$")];

    private static IEnumerable<string> Validate(JsonNode? value, JsonObject rules, JsonObject root, string path)
    {
        if (rules["$ref"] is { } reference)
            return Validate(value, Resolve(root, reference.GetValue<string>()), root, path);
        return rules.Where(rule => !s_described.Contains(rule.Key)).SelectMany(rule => rule.Key switch
        {
            "type" => Expect(TypesOf(rule.Value!).Any(type => IsOf(value, type)), path, $"is no {rule.Value}"),
            "const" => Expect(JsonNode.DeepEquals(value, rule.Value), path, $"is not {rule.Value}"),
            "enum" => Expect(rule.Value!.AsArray().Any(each => JsonNode.DeepEquals(each, value)), path, "is none of the values"),
            "pattern" => Expect(
                value is not JsonValue text || Regex.IsMatch(text.GetValue<string>(), rule.Value!.GetValue<string>()),
                path, "is another text"),
            "required" => value is not JsonObject needed ? [] : rule.Value!.AsArray().Select(name => name!.GetValue<string>())
                .Where(name => !needed.ContainsKey(name)).Select(name => $"{path} lacks {name}"),
            "properties" => value is not JsonObject map ? [] : map.Where(property => rule.Value!.AsObject().ContainsKey(property.Key))
                .SelectMany(property => Validate(
                    property.Value, rule.Value![property.Key]!.AsObject(), root, $"{path}.{property.Key}")),
            "additionalProperties" => value is not JsonObject all || rule.Value!.GetValue<bool>() ? [] : all
                .Where(property => rules["properties"]?.AsObject().ContainsKey(property.Key) != true)
                .Select(property => $"{path} has {property.Key}"),
            "items" => value is not JsonArray list ? [] : list.SelectMany((item, number) =>
                Validate(item, rule.Value!.AsObject(), root, $"{path}[{number}]")),
            "oneOf" => Expect(
                rule.Value!.AsArray().Count(each => !Validate(value, each!.AsObject(), root, path).Any()) == 1, path, "is none of those"),
            "minimum" => Expect(
                value is not JsonValue number || number.GetValue<long>() >= rule.Value!.GetValue<long>(), path, "is too low"),
            _ => [$"{path}: the rule {rule.Key} is not known"],
        });
    }

    private static JsonObject Resolve(JsonObject root, string reference) =>
        root["$defs"]![reference["#/$defs/".Length..]]!.AsObject();

    private static IEnumerable<string> TypesOf(JsonNode type) =>
        type is JsonArray several ? several.Select(each => each!.GetValue<string>()) : [type.GetValue<string>()];

    private static bool IsOf(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "boolean" => value is JsonValue one && one.TryGetValue<bool>(out _),
        "integer" => value is JsonValue one && (one.TryGetValue<long>(out _) || one.TryGetValue<int>(out _)),
        "number" => value is JsonValue one && one.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        "string" => value is JsonValue one && one.TryGetValue<string>(out _),
        _ => false,
    };

    private static IEnumerable<string> Expect(bool holds, string path, string otherwise) => holds ? [] : [$"{path} {otherwise}"];
}
