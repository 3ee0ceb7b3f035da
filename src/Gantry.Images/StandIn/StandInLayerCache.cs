using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Images.Compression;
using Gantry.Images.Layers;
using Gantry.Oci;

namespace Gantry.Images.StandIn;

/// <summary>Caches the layers of the stand-in. A cached layer is used as long as no file in it has another size or time.</summary>
internal sealed class StandInLayerCache
{
    // Two layers each for two versions of .NET. Older ones belong to runtimes that were updated.
    private const int MaximumLayers = 4;

    private readonly string? _folder;
    private readonly BuildWorkspace _workspace;
    private readonly QuickGzipCompressor _compressor = new();

    public StandInLayerCache(string? folder, BuildWorkspace workspace)
    {
        _folder = folder;
        _workspace = workspace;
    }

    /// <summary>Gets the planned layer from the cache, or writes it.</summary>
    public async Task<LayerFile> GetAsync(LayerPlan plan, CancellationToken cancellationToken)
    {
        if (_folder is null)
            return await LayerWriter.WriteAsync(plan.Entries, _workspace.NewPath(), _compressor, cancellationToken);

        var key = KeyOf(plan);
        return await FindAsync(_folder, key, cancellationToken) ?? await WriteAsync(_folder, key, plan, cancellationToken);
    }

    private static async Task<LayerFile?> FindAsync(string folder, string key, CancellationToken cancellationToken)
    {
        try
        {
            var path = Path.Combine(folder, key + ".layer");
            if (!File.Exists(path))
                return null;
            await using var description = File.OpenRead(path + ".json");
            return await JsonSerializer.DeserializeAsync(description, StandInJson.Default.CachedLayer, cancellationToken) is { } cached
                && new FileInfo(path).Length == cached.Blob.Size
                    ? new LayerFile(path, cached.Blob, cached.DiffId)
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            // An unreadable cache is written again.
            return null;
        }
    }

    // The description exists only when the layer is complete.
    private async Task<LayerFile> WriteAsync(string folder, string key, LayerPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
            RemoveOldest(folder);
            var unfinished = Path.Combine(folder, Path.GetRandomFileName());
            var layer = await LayerWriter.WriteAsync(plan.Entries, unfinished, _compressor, cancellationToken);

            var path = Path.Combine(folder, key + ".layer");
            await using (var description = File.Create(unfinished + ".json"))
                await JsonSerializer.SerializeAsync(
                    description,
                    new CachedLayer { Blob = layer.Blob, DiffId = layer.DiffId },
                    StandInJson.Default.CachedLayer,
                    cancellationToken);
            File.Move(unfinished, path, overwrite: true);
            File.Move(unfinished + ".json", path + ".json", overwrite: true);
            return layer with { Path = path };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LayerErrors.CannotStoreLayer(folder, exception);
        }
    }

    private static void RemoveOldest(string folder)
    {
        foreach (var layer in new DirectoryInfo(folder)
            .GetFiles("*.layer")
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .Skip(MaximumLayers - 1))
        {
            File.Delete(layer.FullName + ".json");
            layer.Delete();
        }
    }

    private static string KeyOf(LayerPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in plan.Entries)
        {
            hash.AppendData(entry.ToTarHeader());
            hash.AppendData(entry.Content.Span);
            if (entry.SourceFile is { } file)
                hash.AppendData(Encoding.UTF8.GetBytes($"{file}|{File.GetLastWriteTimeUtc(file).Ticks}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}

/// <summary>The description of a cached layer.</summary>
internal sealed record CachedLayer
{
    [JsonPropertyName("blob")]
    public required Descriptor Blob { get; init; }

    [JsonPropertyName("diffId")]
    public required Digest DiffId { get; init; }
}

/// <summary>Serializes the descriptions of cached layers.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(DigestJsonConverter), typeof(NonNullListJsonConverter<string>), typeof(TextMapJsonConverter)],
    MaxDepth = 16)]
[JsonSerializable(typeof(CachedLayer))]
[JsonSerializable(typeof(string))]
internal sealed partial class StandInJson : JsonSerializerContext;
