using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Attestations;

/// <summary>
/// Converts times to and from UTC with seconds only (<c>2026-01-02T03:04:05Z</c>): a time without a zone would be another one on another
/// machine.
/// </summary>
internal sealed class UtcTimeJsonConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            && DateTimeOffset.TryParseExact(
                reader.GetString(), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new JsonException("a time is not one such as 2026-01-02T03:04:05Z");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format.Rfc3339(value));
}
