using System.Text.Json.Serialization;

namespace Gantry.Nuke.Publishing;

/// <summary>
/// The inputs from which this machine has published the images, so that a later run does not publish them again. It is no proof for others,
/// as <see cref="PublishRecord"/> is: it stays in the temporary folder of the build.
/// </summary>
/// <param name="Context">The digest of everything but files (<see cref="PublishContext"/>).</param>
/// <param name="Sources">The digest of the sources.</param>
/// <param name="Listed">The sources.</param>
/// <param name="Folders">The digest of each image's folder, by the image's name.</param>
internal sealed record PublishStamp(string Context, string Sources, ListedSources Listed, IReadOnlyDictionary<string, string> Folders)
{
    /// <summary>Writes the stamp. A reader never sees a part of it.</summary>
    public Task WriteFileAsync(string path, CancellationToken cancellationToken) =>
        JsonFile.WriteAsync(path, this, PublishStampJson.Default.PublishStamp, cancellationToken);

    /// <summary>Reads a stamp. Returns null when there is none that can be parsed.</summary>
    public static Task<PublishStamp?> ReadFileAsync(string path, CancellationToken cancellationToken) =>
        JsonFile.ReadAsync(path, PublishStampJson.Default.PublishStamp, cancellationToken);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(Gantry.Oci.NonNullListJsonConverter<string>), typeof(Gantry.Oci.TextMapJsonConverter)],
    NewLine = "\n")]
[JsonSerializable(typeof(PublishStamp))]
[JsonSerializable(typeof(string))]
internal sealed partial class PublishStampJson : JsonSerializerContext;
