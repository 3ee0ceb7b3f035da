using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Oci;

/// <summary>Reads and writes the documents of the OCI image specification, without reflection.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(DigestJsonConverter), typeof(NonNullListJsonConverter<Descriptor>), typeof(NonNullListJsonConverter<string>),
        typeof(TextMapJsonConverter),
    ],
    MaxDepth = Limits.JsonDepth)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(Descriptor))]
[JsonSerializable(typeof(string))]
internal sealed partial class OciJson : JsonSerializerContext
{
    /// <summary>
    /// The context for writing: does not escape '+', which media types contain. <see cref="Default"/> escapes it for HTML, and tools that
    /// search manifests for their media type would not find it.
    /// </summary>
    public static OciJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Converts digests to and from JSON strings; a malformed one is a JSON error with the path of the property.</summary>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    /// <inheritdoc/>
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("not a sha256 or sha512 digest");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
