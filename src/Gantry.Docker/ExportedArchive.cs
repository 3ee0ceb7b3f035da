using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries.Archives;

namespace Gantry.Docker;

/// <summary>The output of <c>docker save</c> for one image, in a temporary folder that is deleted on dispose.</summary>
internal sealed class ExportedArchive : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ArchiveFile _file;
    private readonly SavedImages _images;

    private ExportedArchive(TemporaryFolder folder, ArchiveFile file, SavedImages images, ManifestContent manifest)
    {
        _folder = folder;
        _file = file;
        _images = images;
        Manifest = manifest.ReadManifest();
    }

    /// <summary>The manifest, with configuration and layers as they are in the archive.</summary>
    public Manifest Manifest { get; }

    /// <summary>Opens the configuration or a layer of <see cref="Manifest"/>.</summary>
    public Stream Open(Descriptor content) => _images.Open(content.Digest)!;

    /// <summary>Returns a path for a file that is derived from the archive.</summary>
    public string PathFor(string name) => _folder.Combine(name);

    /// <summary>
    /// Exports an image by its identifier. Throws <c>GAN6013</c> when the export is not that image, and <c>GAN3019</c> when the disk is
    /// full.
    /// </summary>
    public static async Task<ExportedArchive> ExportAsync(DockerEngine engine, string image, CancellationToken cancellationToken)
    {
        var folder = TemporaryFolder.Create("gantry-export-");
        try
        {
            var path = folder.Combine("image.tar");
            await engine.CallAsync(
                $"export the image {image}",
                async client =>
                {
                    await using var stream = await client.Images.SaveImageAsync(image, cancellationToken);
                    await SpoolAsync(stream, path, cancellationToken);
                },
                cancellationToken);
            return await OpenAsync(folder, path, image, cancellationToken);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    // A full disk is not a broken connection, although both are an IOException.
    private static async Task SpoolAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        await using var file = Create(path);
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            try
            {
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
            catch (IOException exception)
            {
                throw StorageErrors.CannotStoreLayer(Path.GetDirectoryName(path)!, exception);
            }
        }
    }

    private static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.CannotStoreLayer(Path.GetDirectoryName(path)!, exception);
        }
    }

    // Every engine writes manifest.json; from version 25 on also the documents of an OCI layout.
    private static async Task<ExportedArchive> OpenAsync(TemporaryFolder folder, string path, string image, CancellationToken cancellationToken)
    {
        var file = await ReadAsync(image, async () => (await ArchiveFile.TryOpenAsync(path, "the archive", cancellationToken))!);
        try
        {
            var images = await ReadAsync(image, () => SavedImages.ReadAsync(file, cancellationToken));
            if (images.Manifests is not [var manifest])
                throw DockerErrors.InvalidExport(image, "its manifest.json does not name exactly one image");
            var archive = new ExportedArchive(folder, file, images, manifest);
            await archive.RequireImageAsync(image, cancellationToken);
            return archive;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // An error of the archive is an error of the engine's export.
    private static async Task<T> ReadAsync<T>(string image, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (GantryException exception)
        {
            throw DockerErrors.InvalidExport(image, exception.Problem, exception);
        }
    }

    // The identifier of an image is the digest of its configuration or, with containerd's image store, that of a manifest, which is then in
    // the archive too.
    private async Task RequireImageAsync(string image, CancellationToken cancellationToken)
    {
        var id = Digest.Parse(image);
        if (Manifest.Config!.Digest == id)
            return;
        var named = await ReadAsync(image, async () => _file.Find(ArchivedLayout.BlobName(id)) is { } entry
            ? await _file.ReadAsync(entry, ManifestContent.MaximumSize, cancellationToken)
            : null);
        if (named is null || Digest.Of(named) != id)
            throw DockerErrors.InvalidExport(image, $"the archive contains the image {Manifest.Config.Digest}");
    }
}
