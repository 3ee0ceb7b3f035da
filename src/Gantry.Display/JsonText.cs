using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gantry.Display;

/// <summary>Formats JSON that can be shown on a terminal and in the log of an agent.</summary>
internal static class JsonText
{
    // Everything but ASCII becomes an escape below.
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Format(JsonNode document, SecretMask? secrets)
    {
        if (secrets is not null)
            Mask(document, secrets);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_options))
            document.WriteTo(writer);
        return Escape(Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n"));
    }

    // Outside of strings, JSON has neither '#' nor two colons nor a letter that is not ASCII, and no tab when it is indented with spaces.
    private static string Escape(string json)
    {
        var text = new StringBuilder(json.Length);
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] is '#' or > '~' or (< ' ' and not '\n') || (at > 0 && json[at] == ':' && json[at - 1] == ':'))
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)json[at]:x4}");
            else
                text.Append(json[at]);
        }

        return text.ToString();
    }

    private static void Mask(JsonNode? node, SecretMask secrets)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map.ToList())
                {
                    Mask(value, secrets);
                    if (Masked(value, secrets) is { } masked)
                        map[name] = masked;
                    if (secrets.Apply(name) is var shown && shown != name && map.Remove(name, out var content))
                        map[shown] = content;
                }

                break;
            case JsonArray list:
                for (var at = 0; at < list.Count; at++)
                {
                    Mask(list[at], secrets);
                    if (Masked(list[at], secrets) is { } masked)
                        list[at] = masked;
                }

                break;
            default:
                break;
        }
    }

    private static JsonValue? Masked(JsonNode? node, SecretMask secrets) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && secrets.Apply(text) is var masked && masked != text
            ? JsonValue.Create(masked)
            : null;
}
