using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Nuke.Publishing;

/// <summary>
/// The record that <c>PublishImages</c> writes for a later process that builds the images: the sources of the folders, and their digests.
/// </summary>
/// <param name="Sources">The sources that were published.</param>
/// <param name="Folders">The digest of each image's folder, by the image's name.</param>
internal sealed record PublishRecord(PublishedSources Sources, IReadOnlyDictionary<string, string> Folders)
{
    /// <summary>Writes the record to a temporary file first, so that no other process reads a partial one.</summary>
    public Task WriteFileAsync(string path, CancellationToken cancellationToken) =>
        JsonFile.WriteAsync(path, this, PublishJson.Default.PublishRecord, cancellationToken);

    /// <summary>Reads a record. Returns null when there is none, or none that can be parsed.</summary>
    public static Task<PublishRecord?> ReadFileAsync(string path, CancellationToken cancellationToken) =>
        JsonFile.ReadAsync(path, PublishJson.Default.PublishRecord, cancellationToken);
}

/// <summary>The sources of what was published.</summary>
/// <param name="Version">The version.</param>
/// <param name="Commit">The commit, or null without git.</param>
/// <param name="UncommittedTree">The git tree of a working copy with uncommitted changes, or null.</param>
internal sealed record PublishedSources(string Version, string? Commit = null, string? UncommittedTree = null)
{
    /// <summary>Describes the sources for messages: <c>1.2.0 of 0123456789ab</c>.</summary>
    public override string ToString()
    {
        if (Commit is not { Length: >= 12 } commit)
            return Version;
        var changes = UncommittedTree is { } tree ? $" with uncommitted changes ({tree})" : "";
        return $"{Version} of {commit[..12]}{changes}";
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(TextMapJsonConverter)],
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(PublishRecord))]
internal sealed partial class PublishJson : JsonSerializerContext;
