using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Images.Configuration;

/// <summary>Reads and writes the configurations of images, without reflection.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(DigestJsonConverter)],
    MaxDepth = 32)]
[JsonSerializable(typeof(ImageConfig))]
internal sealed partial class ImageConfigJson : JsonSerializerContext
{
    /// <summary>The context for writing: does not escape '+' and other characters that only HTML needs to have escaped.</summary>
    public static ImageConfigJson Writing => field ??=
        new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
