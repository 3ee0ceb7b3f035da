using Gantry.Images.Layers;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Docker;

/// <summary>An image that came out of an engine: its configuration as the engine wrote it, and its layers in temporary files.</summary>
internal sealed class ImageExport : IDisposable
{
    private const int ConcurrentUploads = 4;

    private readonly SavedArchive _archive;
    private readonly SavedFile _config;
    private readonly List<LayerFile> _layers = [];

    private ImageExport(SavedArchive archive, SavedFile config, Platform platform)
    {
        _archive = archive;
        _config = config;
        Platform = platform;
    }

    /// <summary>What the image runs on, as its configuration says.</summary>
    public Platform Platform { get; }

    /// <summary>Exports an image by its identifier, or throws <c>GAN6013</c> when what comes is not that image.</summary>
    public static async Task<ImageExport> TakeAsync(DockerEngine engine, string image, CancellationToken cancellationToken)
    {
        var archive = new SavedArchive(image);
        try
        {
            await engine.AskAsync(
                $"export the image {image}",
                async client =>
                {
                    await using var stream = await client.Images.SaveImageAsync(image, cancellationToken);
                    await archive.ReadAsync(stream, cancellationToken);
                },
                cancellationToken);
            return await OpenAsync(archive, image, cancellationToken);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Stores layers, configuration and a manifest that is written here: the engine's own is nobody's to refer to.</summary>
    public async Task<ManifestContent> DeliverAsync(
        IImageRepository target, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            _layers.DistinctBy(layer => layer.Blob.Digest),
            new ParallelOptions { MaxDegreeOfParallelism = ConcurrentUploads, CancellationToken = cancellationToken },
            async (layer, token) => await target.PutBlobAsync(layer.Blob, _ => OpenAsync(layer.Path), token));

        var config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = _config.Digest, Size = _config.Size };
        await target.PutBlobAsync(config, _ => OpenAsync(_config.Path), cancellationToken);

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

    // Every engine writes manifest.json, from version 25 on beside the documents of an OCI layout.
    private static async Task<ImageExport> OpenAsync(SavedArchive archive, string image, CancellationToken cancellationToken)
    {
        if (archive.ReadJson("manifest.json", DockerJson.Default.SavedImageArray) is not [var saved])
            throw DockerErrors.UnsoundExport(image, "manifest.json does not name exactly one image");

        var config = archive.Find(saved.Config);
        archive.RequireImage(config);
        var document = archive.ReadJson(saved.Config, DockerJson.Default.SavedConfig);
        if (document.RootFs.DiffIds.Count != saved.Layers.Count)
            throw DockerErrors.UnsoundExport(image, $"it has {saved.Layers.Count} layers, and its configuration names {document.RootFs.DiffIds.Count}");

        var export = new ImageExport(archive, config, document.ToPlatform());
        for (var index = 0; index < saved.Layers.Count; index++)
        {
            if (!Digest.TryParse(document.RootFs.DiffIds[index], out var diffId))
                throw DockerErrors.UnsoundExport(image, $"its configuration names the layer '{document.RootFs.DiffIds[index]}'");
            var path = Path.Combine(archive.Folder, $"{index}.tar.gz");
            export._layers.Add(await ExportedLayer.PrepareAsync(archive, archive.Find(saved.Layers[index]), diffId, path, cancellationToken));
        }

        return export;
    }

    private static Task<Stream> OpenAsync(string path) => Task.FromResult<Stream>(File.OpenRead(path));
}
