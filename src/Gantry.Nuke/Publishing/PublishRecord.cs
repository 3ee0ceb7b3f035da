using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Nuke.Publishing;

/// <summary>
/// The record that <c>PublishImages</c> writes for a later process that builds the images: the sources of each folder, and its digest.
/// </summary>
internal sealed record PublishRecord
{
    /// <summary>The version of what was published.</summary>
    public required string Version { get; init; }

    /// <summary>The commit, or null without git.</summary>
    public string? Commit { get; init; }

    /// <summary>The git tree of a working copy with uncommitted changes, or null.</summary>
    public string? UncommittedTree { get; init; }

    /// <summary>The digest of each image's folder, by the image's name.</summary>
    public required IReadOnlyDictionary<string, string> Folders { get; init; }

    /// <summary>A short description of the sources for messages.</summary>
    [JsonIgnore]
    public string Sources => Commit is { Length: >= 12 } commit ? $"{Version} of {commit[..12]}{(UncommittedTree is null ? "" : $" with uncommitted changes ({UncommittedTree})")}" : Version;

    /// <summary>True when both have the same version, commit and working copy.</summary>
    public bool HasSourcesOf(PublishRecord other) => (Version, Commit, UncommittedTree) == (other.Version, other.Commit, other.UncommittedTree);

    /// <summary>Writes the record to a temporary file first, so that no other process reads a partial one.</summary>
    public async Task WriteFileAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, PublishJson.Default.PublishRecord), cancellationToken);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Reads a record. Returns null when there is none, or none that can be parsed.</summary>
    public static async Task<PublishRecord?> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), PublishJson.Default.PublishRecord) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(PublishRecord))]
internal sealed partial class PublishJson : JsonSerializerContext;
