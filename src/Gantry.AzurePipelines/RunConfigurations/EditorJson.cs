using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Gantry.AzurePipelines.RunConfigurations;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(LaunchSettings))]
[JsonSerializable(typeof(CodeTasks))]
[JsonSerializable(typeof(CodeLaunches))]
internal sealed partial class EditorJson : JsonSerializerContext;

/// <summary>Writes files for editors.</summary>
internal static class EditorFile
{
    private static readonly EditorJson Json = new(
        new JsonSerializerOptions(EditorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static GeneratedFile Write<T>(string path, T content, Func<EditorJson, JsonTypeInfo<T>> type, SharedJson shared) =>
        new(path, JsonSerializer.Serialize(content, type(Json)) + "\n") { Shared = shared };

    public static string ToText(JsonNode content) => content.ToJsonString(Json.Options) + "\n";
}
