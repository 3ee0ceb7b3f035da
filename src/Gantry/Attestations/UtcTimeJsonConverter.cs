using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Attestations;

/// <summary>Converts times to and from RFC 3339 in UTC, with "Z", as statements of in-toto have them.</summary>
/// <seealso href="https://github.com/in-toto/attestation/blob/main/spec/v1/field_types.md#timestamp">in-toto, Timestamp</seealso>
internal sealed class UtcTimeJsonConverter : JsonConverter<DateTimeOffset>
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && DateTimeOffset.TryParseExact(
            reader.GetString(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new JsonException("not a time in UTC");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format.Rfc3339(value));
}
