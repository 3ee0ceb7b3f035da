using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Images.Configuration;

/// <summary>Reads and writes the configurations of images, without reflection.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(DigestJsonConverter), typeof(EmptyObjectJsonConverter), typeof(NonNullListJsonConverter<HistoryEntry>),
        typeof(NonNullListJsonConverter<string>), typeof(TextMapJsonConverter),
    ],
    MaxDepth = 32)]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(HistoryEntry))]
[JsonSerializable(typeof(string))]
internal sealed partial class ImageConfigJson : JsonSerializerContext
{
    /// <summary>The context for writing: does not escape '+' and other characters that only HTML needs to have escaped.</summary>
    public static ImageConfigJson Writing => field ??=
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Reads the values of sets as other tools do: whatever they are, they say nothing, not even null.</summary>
internal sealed class EmptyObjectJsonConverter : JsonConverter<EmptyObject>
{
    public override bool HandleNull => true;

    public override EmptyObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return new EmptyObject();
    }

    public override void Write(Utf8JsonWriter writer, EmptyObject value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteEndObject();
    }
}
