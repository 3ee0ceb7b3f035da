using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Releases;

/// <summary>Release records as JSON: the one form of <c>release.json</c> and of the referrer beside an image.</summary>
public static class ReleaseRecord
{
    /// <summary>The most bytes of a record that are read.</summary>
    public const int MaximumSize = 1024 * 1024;

    /// <summary>The record as UTF-8, the same bytes for the same release.</summary>
    public static byte[] Write(Release release) => [.. JsonSerializer.SerializeToUtf8Bytes(release, ReleaseJson.Writing.Release), (byte)'\n'];

    /// <summary>
    /// Reads a record strictly: <c>GAN4011</c> when it is malformed, has unknown or repeated properties, or says something that
    /// cannot be; <c>GAN4012</c> for a schema that this version does not know.
    /// </summary>
    /// <param name="json">The record.</param>
    /// <param name="origin">How to name it in an error: its path, or the image beside which it stands.</param>
    public static Release Read(ReadOnlySpan<byte> json, string origin)
    {
        try
        {
            // A newer schema may well have properties that are unknown here: that is the schema's fault, not the record's.
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

    /// <summary>Writes <c>release.json</c>: beside it first, then in its place, so that nobody reads half of it.</summary>
    public static async Task WriteFileAsync(string path, Release release, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        var draft = path + ".new";
        await File.WriteAllBytesAsync(draft, Write(release), cancellationToken);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Reads <c>release.json</c>; <c>GAN4013</c> when it is not there, otherwise as <see cref="Read"/>.</summary>
    public static async Task<Release> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw ReleaseErrors.ReleaseFileMissing(path);
        if (new FileInfo(path).Length > MaximumSize)
            throw ReleaseErrors.MalformedRelease(path, $"it is larger than {MaximumSize} bytes");
        return Read(await File.ReadAllBytesAsync(path, cancellationToken), path);
    }

    private static string? Validate(Release release) =>
        string.IsNullOrWhiteSpace(release.Commit) ? "it names no commit"
        : release.Images.Count == 0 ? "it names no image"
        : release.Images.Any(image => image is null) ? "an image is null"
        : release.Images.FirstOrDefault(image => !Names.IsRepository(image.Name)) is { } unnamed ? $"'{unnamed.Name}' is not the name of an image"
        : release.Images.GroupBy(image => image.Name).FirstOrDefault(group => group.Count() > 1) is { } twice ? $"it names the image '{twice.Key}' twice"
        : release.Images.FirstOrDefault(image => image.Size is <= 0 or > ManifestContent.MaximumSize) is { } sized ? $"the image '{sized.Name}' has a manifest of {sized.Size} bytes"
        : release.Images.FirstOrDefault(image => !MediaTypes.IsIndex(image.MediaType) && !MediaTypes.IsManifest(image.MediaType)) is { } typed ? $"the image '{typed.Name}' has the media type '{typed.MediaType}'"
        : null;
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(DigestJsonConverter)],
    WriteIndented = true,
    NewLine = "\n",
    MaxDepth = 16)]
[JsonSerializable(typeof(Release))]
internal sealed partial class ReleaseJson : JsonSerializerContext
{
    /// <summary>For writing: people read the record, and it never stands in HTML.</summary>
    public static ReleaseJson Writing => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
