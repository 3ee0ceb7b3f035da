using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Attestations;

/// <summary>Converts times to and from RFC 3339 in UTC, to the millisecond: those of documents whose order matters.</summary>
internal sealed class PreciseTimeJsonConverter : JsonConverter<DateTimeOffset>
{
    private static readonly UtcTimeJsonConverter s_reading = new();

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        s_reading.Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(DocumentArtifact.FormatTime(value));
}
