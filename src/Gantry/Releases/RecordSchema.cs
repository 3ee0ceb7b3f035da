using System.Text.Json.Serialization;

namespace Gantry.Releases;

/// <summary>The property that records of every schema have.</summary>
internal sealed record RecordSchema
{
    [JsonPropertyName("schema")]
    public int? Schema { get; init; }
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 16)]
[JsonSerializable(typeof(RecordSchema))]
internal sealed partial class RecordSchemaJson : JsonSerializerContext;
