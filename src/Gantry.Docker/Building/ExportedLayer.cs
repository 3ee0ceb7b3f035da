using System.Security.Cryptography;
using Gantry.Docker.Engine;
using Gantry.Images;
using Gantry.Images.Layers;
using Gantry.Oci;

namespace Gantry.Docker.Building;

/// <summary>An exported layer in the form in which it is stored.</summary>
/// <param name="Blob">Media type, digest and size.</param>
/// <param name="Open">Opens the content of the layer.</param>
internal sealed record ExportedLayer(Descriptor Blob, Func<Stream> Open)
{
    /// <summary>The digest of the uncompressed layer when it is not the one that the engine wrote, else null.</summary>
    public Digest? DiffId { get; private init; }

    /// <summary>
    /// Keeps a layer that the engine has compressed, and compresses a plain tar. Throws <c>GAN6013</c> when the tar does not match the
    /// configuration, and <c>GAN3019</c> when the disk is full.
    /// </summary>
    /// <param name="archive">The archive.</param>
    /// <param name="layer">The layer in the archive.</param>
    /// <param name="image">The identifier of the image.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="request">The request that the image was built for.</param>
    /// <param name="compressor">Compresses plain tars.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<ExportedLayer> PrepareAsync(
        ExportedArchive archive, Descriptor layer, string image, string path, ImageBuildRequest request, LayerCompressor compressor,
        CancellationToken cancellationToken)
    {
        if (layer.MediaType != MediaTypes.OciLayer)
            return new ExportedLayer(layer, () => archive.Open(layer));

        if (request.FixedTimeFolders.Count > 0
            && await FixedTimeLayer.TryWriteAsync(() => archive.Open(layer), path + ".tar", cancellationToken))
            return await PrepareFixedAsync(archive, layer, image, path, compressor, cancellationToken);

        await using var tar = archive.Open(layer);
        var (blob, diffId) = await compressor.CompressAsync(tar, path, cancellationToken);
        return diffId == layer.Digest
            ? new ExportedLayer(blob, () => File.OpenRead(path))
            : throw DockerErrors.InvalidExport(image, $"a layer that should be {layer.Digest} is {diffId}");
    }

    private static async Task<ExportedLayer> PrepareFixedAsync(
        ExportedArchive archive, Descriptor layer, string image, string path, LayerCompressor compressor,
        CancellationToken cancellationToken)
    {
        await using (var original = archive.Open(layer))
        {
            if (!layer.Digest.Matches(await SHA256.HashDataAsync(original, cancellationToken)))
                throw DockerErrors.InvalidExport(image, $"a layer that should be {layer.Digest} is another one");
        }

        await using var tar = File.OpenRead(path + ".tar");
        var (blob, diffId) = await compressor.CompressAsync(tar, path, cancellationToken);
        return new ExportedLayer(blob, () => File.OpenRead(path)) { DiffId = diffId };
    }
}
