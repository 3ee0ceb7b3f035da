using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Attestations;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Nuke.Building;

/// <summary>
/// The index of what is in which layer, which <c>BuildImage</c> writes for the provenance that <c>PushBase</c> signs, maybe in another
/// process.
/// </summary>
/// <param name="Images">The images that have layers.</param>
internal sealed record LayerIndex(IReadOnlyList<ImageLayers> Images)
{
    /// <summary>Writes the index; deletes an earlier one when no image has layers.</summary>
    public async Task WriteFileAsync(string path, CancellationToken cancellationToken)
    {
        if (Images.Count == 0)
            File.Delete(path);
        else
            await File.WriteAllBytesAsync(
                path, JsonSerializer.SerializeToUtf8Bytes(this, LayerIndexJson.Default.LayerIndex), cancellationToken);
    }

    /// <summary>Reads the index; it is empty when there is none, or none that can be parsed.</summary>
    public static async Task<LayerIndex> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(path)
                && JsonSerializer.Deserialize(
                    await RegularFile.ReadAllBytesAsync(path, cancellationToken), LayerIndexJson.Default.LayerIndex) is { } index
                ? index
                : new LayerIndex([]);
        }
        catch (JsonException)
        {
            return new LayerIndex([]);
        }
    }

    /// <summary>Returns the layers of an image; none when the index is about another one of the same name.</summary>
    public IReadOnlyList<ResourceDescriptor> LayersOf(string image, Digest digest) =>
        Images.FirstOrDefault(layers => layers.Name == image && layers.Digest == digest.ToString())?.Layers ?? [];
}

/// <summary>The layers of an image.</summary>
/// <param name="Name">The name of the image.</param>
/// <param name="Digest">The digest of the image.</param>
/// <param name="Layers">The folders that became layers.</param>
internal sealed record ImageLayers(string Name, string Digest, IReadOnlyList<ResourceDescriptor> Layers);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(NonNullListJsonConverter<ImageLayers>), typeof(NonNullListJsonConverter<ResourceDescriptor>),
        typeof(NonNullListJsonConverter<string>), typeof(TextMapJsonConverter),
    ],
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(LayerIndex))]
[JsonSerializable(typeof(ImageLayers))]
[JsonSerializable(typeof(ResourceDescriptor))]
[JsonSerializable(typeof(string))]
internal sealed partial class LayerIndexJson : JsonSerializerContext;
