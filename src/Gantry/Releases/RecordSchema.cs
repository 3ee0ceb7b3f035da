using System.Text.Json.Serialization;

namespace Gantry.Releases;

/// <summary>The part of a record that every schema has.</summary>
internal sealed record RecordSchema
{
    [JsonPropertyName("schema")]
    public int? Schema { get; init; }
}

[JsonSourceGenerationOptions(MaxDepth = 16)]
[JsonSerializable(typeof(RecordSchema))]
internal sealed partial class RecordSchemaJson : JsonSerializerContext;
