using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gantry.IO;

namespace Gantry.Nuke.Publishing;

/// <summary>Keeps a document between two runs. A reader never sees a part of it.</summary>
internal static class JsonFile
{
    /// <summary>Writes a document beside its place, and moves it there.</summary>
    public static async Task WriteAsync<T>(string path, T document, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path + ".new", JsonSerializer.SerializeToUtf8Bytes(document, type), cancellationToken);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Reads a document. Returns null when there is none, or none that can be parsed.</summary>
    public static async Task<T?> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(await RegularFile.ReadAllBytesAsync(path, cancellationToken), type)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
