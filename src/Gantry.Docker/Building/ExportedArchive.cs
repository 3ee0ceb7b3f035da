using System.Security.Cryptography;
using Gantry.Docker.Engine;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries.Archives;

namespace Gantry.Docker.Building;

/// <summary>The output of <c>docker save</c> for one image, in a temporary folder that is deleted on dispose.</summary>
internal sealed class ExportedArchive : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly SavedImages _images;

    private ExportedArchive(TemporaryFolder folder, SavedImages images, ManifestContent manifest)
    {
        _folder = folder;
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
            var path = await engine.CallAsync(
                $"export the image {image}",
                async client =>
                {
                    await using var stream = await client.Images.SaveImageAsync(image, cancellationToken);
                    return await folder.SaveAsync("image.tar", stream, cancellationToken);
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
        _images.Dispose();
        _folder.Dispose();
    }

    // Every engine writes manifest.json; from version 25 on also the documents of an OCI layout.
    private static async Task<ExportedArchive> OpenAsync(
        TemporaryFolder folder, string path, string image, CancellationToken cancellationToken)
    {
        var images = await ReadAsync(image, () => SavedImages.OpenAsync(path, "the archive", cancellationToken));
        try
        {
            if (images.Manifests is not [var manifest])
                throw DockerErrors.InvalidExport(image, "its manifest.json does not name exactly one image");
            var archive = new ExportedArchive(folder, images, manifest);
            await archive.RequireImageAsync(image, cancellationToken);
            return archive;
        }
        catch
        {
            images.Dispose();
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
        if (Manifest.Config.Digest == id)
            return;

        await using var named = await ReadAsync(image, () => Task.FromResult(_images.Open(id)));
        if (named is null || !id.Matches(await SHA256.HashDataAsync(named, cancellationToken)))
            throw DockerErrors.InvalidExport(image, $"the archive contains the image {Manifest.Config.Digest}");
    }
}
