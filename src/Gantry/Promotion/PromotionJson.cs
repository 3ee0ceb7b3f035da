using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Promotion;

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(DigestJsonConverter), typeof(GateVerdictJsonConverter), typeof(NonNullListJsonConverter<RecordedApproval>),
        typeof(NonNullListJsonConverter<RecordedGate>), typeof(NonNullListJsonConverter<RecordedHost>),
        typeof(NonNullListJsonConverter<string>),
    ],
    WriteIndented = true,
    NewLine = "\n",
    MaxDepth = 16)]
[JsonSerializable(typeof(PromotionRecord))]
[JsonSerializable(typeof(RecordedApproval))]
[JsonSerializable(typeof(RecordedGate))]
[JsonSerializable(typeof(RecordedHost))]
[JsonSerializable(typeof(string))]
internal sealed partial class PromotionJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML, because people read the record.</summary>
    public static PromotionJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Converts verdicts to and from their names only.</summary>
internal sealed class GateVerdictJsonConverter()
    : JsonStringEnumConverter<GateVerdict>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
