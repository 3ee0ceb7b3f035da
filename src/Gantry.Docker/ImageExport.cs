using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Docker;

/// <summary>An image on its way out of an engine: its configuration, and its layers in temporary files.</summary>
internal sealed class ImageExport : IDisposable
{
    private const int Concurrency = 4;

    private readonly SavedArchive _archive;
    private readonly SavedFile _config;
    private readonly IReadOnlyList<SavedFile> _layers;
    private readonly IReadOnlyList<Digest> _diffIds;

    private ImageExport(SavedArchive archive, SavedFile config, SavedConfig document, IReadOnlyList<SavedFile> layers, IReadOnlyList<Digest> diffIds)
    {
        _archive = archive;
        _config = config;
        _layers = layers;
        _diffIds = diffIds;
        Platform = new Platform { Os = document.Os, Architecture = document.Architecture, OsVersion = document.OsVersion, Variant = document.Variant is "" ? null : document.Variant };
    }

    /// <summary>What the image runs on, as its configuration says.</summary>
    public Platform Platform { get; }

    /// <summary>Exports an image by its identifier, and holds what comes against it.</summary>
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
            return Open(archive, image);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Stores layers, configuration and a new manifest.</summary>
    public async Task<ManifestContent> DeliverAsync(
        IImageRepository target, IReadOnlyDictionary<string, string> annotations, CancellationToken cancellationToken)
    {
        var layers = new Descriptor[_layers.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, _layers.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                var layer = await LayerFile.PrepareAsync(_archive, _layers[index], _diffIds[index], index, token);
                await target.PutBlobAsync(layer.Descriptor, _ => Task.FromResult<Stream>(File.OpenRead(layer.Path)), token);
                layers[index] = layer.Descriptor;
            });

        var config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = _config.Digest, Size = _config.Size };
        await target.PutBlobAsync(config, _ => Task.FromResult<Stream>(File.OpenRead(_config.Path)), cancellationToken);

        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = config,
            Layers = layers,
            Annotations = annotations.Count == 0 ? null : annotations,
        });
        await target.PutManifestAsync(manifest, cancellationToken);
        return manifest;
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    // Every engine writes manifest.json, from 25 on beside the documents of an OCI layout.
    private static ImageExport Open(SavedArchive archive, string image)
    {
        if (archive.ReadJson("manifest.json", DockerJson.Default.SavedImageArray) is not [var saved])
            throw DockerErrors.UnsoundExport(image, "manifest.json does not name exactly one image");

        var config = archive.Find(saved.Config);
        archive.RequireImage(config);
        var document = archive.ReadJson(saved.Config, DockerJson.Default.SavedConfig);
        var diffIds = document.RootFs.DiffIds.Select(Digest.Parse).ToList();
        if (diffIds.Count != saved.Layers.Count)
            throw DockerErrors.UnsoundExport(image, $"it has {saved.Layers.Count} layers, and its configuration names {diffIds.Count}");

        return new ImageExport(archive, config, document, [.. saved.Layers.Select(archive.Find)], diffIds);
    }
}
