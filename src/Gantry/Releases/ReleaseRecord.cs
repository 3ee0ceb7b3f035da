using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>Reads and writes release records as JSON: the format of <c>release.json</c> and of the referrer beside an image.</summary>
public static class ReleaseRecord
{
    /// <summary>The maximum size of a record that is read, in bytes.</summary>
    public const int MaximumSize = Limits.ReleaseRecordBytes;

    /// <summary>Serializes a record as UTF-8; the same release gives the same bytes.</summary>
    public static byte[] Write(Release release) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(release, ReleaseJson.Writing.Release), (byte)'\n'];

    /// <summary>
    /// Parses a record strictly. Throws <c>GAN4011</c> when it is malformed, has unknown or repeated properties, or contradicts itself;
    /// <c>GAN4012</c> for a schema that this version does not know.
    /// </summary>
    /// <param name="json">The record.</param>
    /// <param name="origin">The name of the record in errors: its path, or its image.</param>
    public static Release Read(ReadOnlySpan<byte> json, string origin)
    {
        try
        {
            // A newer schema may have properties that are unknown here: then report the schema, not the property.
            var schema = JsonSerializer.Deserialize(json, RecordSchemaJson.Default.RecordSchema)?.Schema;
            if (schema is { } other and not Release.CurrentSchema)
                throw ReleaseErrors.UnsupportedReleaseSchema(origin, other);

            var release = JsonSerializer.Deserialize(json, ReleaseJson.Default.Release) ?? throw new JsonException("it is null");
            return Validate(release) is { } fault ? throw ReleaseErrors.MalformedRelease(origin, fault) : release;
        }
        catch (JsonException exception)
        {
            throw ReleaseErrors.MalformedRelease(origin, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>
    /// Writes <c>release.json</c> to a temporary file first and then replaces it, so that readers never see a part of it.
    /// </summary>
    public static async Task WriteFileAsync(string path, Release release, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        var draft = path + ".new";
        await File.WriteAllBytesAsync(draft, Write(release), cancellationToken);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Reads <c>release.json</c>; throws <c>GAN4013</c> when it does not exist, otherwise like <see cref="Read"/>.</summary>
    public static async Task<Release> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw ReleaseErrors.ReleaseFileMissing(path);
        if (new FileInfo(path).Length > MaximumSize)
            throw ReleaseErrors.MalformedRelease(path, $"it is larger than {MaximumSize} bytes");
        return Read(await RegularFile.ReadAllBytesAsync(path, cancellationToken), path);
    }

    private static string? Validate(Release release)
    {
        if (!ReleaseTag.IsVersion(release.Version))
            return "its version cannot be a tag";
        if (string.IsNullOrWhiteSpace(release.Commit))
            return "it names no commit";
        if (release.Images.Count == 0)
            return "it names no image";
        if (release.Images.Any(image => image is null))
            return "an image is null";
        if (release.Images.FirstOrDefault(image => !Names.IsRepository(image.Name)) is { } unnamed)
            return $"'{unnamed.Name}' is not the name of an image";
        if (release.Images.GroupBy(image => image.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            return $"it names the image '{twice.Key}' twice";
        if (release.Images.FirstOrDefault(image => image.Size is <= 0 or > ManifestContent.MaximumSize) is { } sized)
            return $"the image '{sized.Name}' has a manifest of {Format.Count(sized.Size, "byte")}";
        if (release.Images.FirstOrDefault(image =>
            !MediaTypes.IsIndex(image.MediaType) && !MediaTypes.IsManifest(image.MediaType)) is { } typed)
            return $"the image '{typed.Name}' has the media type '{typed.MediaType}'";
        return null;
    }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
        [typeof(DigestJsonConverter), typeof(NonNullListJsonConverter<ReleaseImage>), typeof(NonNullListJsonConverter<string>)],
    WriteIndented = true,
    NewLine = "\n",
    MaxDepth = 16)]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(ReleaseImage))]
[JsonSerializable(typeof(string))]
internal sealed partial class ReleaseJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML, because people read the record.</summary>
    public static ReleaseJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
