using System.Text.Json;

namespace Gantry.Promotion.Gates;

/// <summary>
/// Reads JSON of other tools, of which only a part matters. What is missing or of another type is null; what is not JSON is an
/// <see cref="InvalidDataException"/>.
/// </summary>
internal static class ForeignJson
{
    /// <summary>Parses a document, without repeated properties, and reads it.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = Limits.JsonDepth });
            return Read(document.RootElement, read);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second one is for half of a character in a name.
            throw new InvalidDataException("it is not JSON", exception);
        }
    }

    /// <summary>Reads an element.</summary>
    public static T Read<T>(JsonElement element, Func<JsonElement, T> read)
    {
        try
        {
            return read(element);
        }
        catch (InvalidOperationException exception)
        {
            // A text with half of a character.
            throw new InvalidDataException("a text in it is not one", exception);
        }
    }

    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static string? Text(this JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    public static IReadOnlyList<JsonElement>? Items(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : null;

    /// <summary>Returns a time with its zone (RFC 3339); one without a zone would be another time on another machine.</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } text && HasZone(text.GetString()!)
            && text.TryGetDateTimeOffset(out var time)
            ? time
            : null;

    private static bool HasZone(string text) =>
        text.Contains('T', StringComparison.Ordinal)
        && (text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':'));
}
