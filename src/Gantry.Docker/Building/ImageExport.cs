using System.Text;
using System.Text.Json;
using Gantry.Docker.Engine;
using Gantry.Images;
using Gantry.Images.Layers;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Docker.Building;

/// <summary>
/// An image exported from an engine: its configuration as the engine wrote it, and its layers in the form in which they are stored. Where
/// layers have fixed times, the configuration has the digests of these layers.
/// </summary>
internal sealed class ImageExport : IDisposable
{
    private const int ConcurrentUploads = 4;

    private readonly ExportedArchive _archive;
    private readonly IReadOnlyList<ExportedLayer> _layers;

    private ImageExport(ExportedArchive archive, Platform platform, IReadOnlyList<ExportedLayer> layers)
    {
        _archive = archive;
        _layers = layers;
        Platform = platform;
    }

    /// <summary>The platform of the image, from its configuration.</summary>
    public Platform Platform { get; }

    /// <summary>
    /// Exports an image by its identifier. Throws <c>GAN6013</c> when the export is not that image, and <c>GAN3019</c> when the disk is
    /// full.
    /// </summary>
    public static async Task<ImageExport> ExportAsync(
        DockerEngine engine, string image, ImageBuildRequest request, LayerCompressor compressor, CancellationToken cancellationToken)
    {
        var archive = await ExportedArchive.ExportAsync(engine, image, cancellationToken);
        try
        {
            var platform = await ReadPlatformAsync(archive, image, cancellationToken);
            var layers = new List<ExportedLayer>();
            foreach (var layer in archive.Manifest.Layers)
            {
                var path = archive.PathFor($"{layers.Count}.compressed");
                layers.Add(await ExportedLayer.PrepareAsync(archive, layer, image, path, request, compressor, cancellationToken));
            }

            compressor.TrimCache();
            return new ImageExport(archive, platform, layers);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Uploads layers, configuration and a new manifest; the engine's own manifest is not used.</summary>
    public async Task<ManifestContent> UploadAsync(
        IImageRepository target, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            _layers.DistinctBy(layer => layer.Blob.Digest),
            new ParallelOptions { MaxDegreeOfParallelism = ConcurrentUploads, CancellationToken = cancellationToken },
            async (layer, token) => await target.PutBlobAsync(layer.Blob, _ => Task.FromResult(layer.Open()), token));

        var (config, open) = await ReadConfigAsync(cancellationToken);
        await target.PutBlobAsync(config, _ => Task.FromResult(open()), cancellationToken);

        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = config,
            Layers = [.. _layers.Select(layer => layer.Blob)],
            Annotations = annotations,
        });
        await target.PutManifestAsync(manifest, cancellationToken);
        return manifest;
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private async Task<(Descriptor Config, Func<Stream> Open)> ReadConfigAsync(CancellationToken cancellationToken)
    {
        var config = _archive.Manifest.Config!;
        var changed = _archive.Manifest.Layers.Zip(_layers).Where(pair => pair.Second.DiffId is not null).ToList();
        if (changed.Count == 0)
            return (config, () => _archive.Open(config));

        using var reader = new StreamReader(_archive.Open(config));
        var text = new StringBuilder(await reader.ReadToEndAsync(cancellationToken));
        foreach (var (layer, stored) in changed)
            text.Replace(layer.Digest.ToString(), stored.DiffId.ToString());
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return (config with { Digest = Digest.Of(bytes), Size = bytes.Length }, () => new MemoryStream(bytes, writable: false));
    }

    private static async Task<Platform> ReadPlatformAsync(ExportedArchive archive, string image, CancellationToken cancellationToken)
    {
        try
        {
            await using var config = archive.Open(archive.Manifest.Config!);

            // The configuration has the same properties as a platform in an index.
            var platform = await JsonSerializer.DeserializeAsync(config, DockerJson.Default.Platform, cancellationToken)
                ?? throw new JsonException("it is null");
            return platform with { Variant = platform.Variant is "" ? null : platform.Variant };
        }
        catch (JsonException exception)
        {
            throw DockerErrors.InvalidExport(image, $"its configuration cannot be read: {exception.Message}", exception);
        }
    }
}
