using Gantry.Docker.Engine;
using Gantry.Images.Layers;
using Gantry.Oci;

namespace Gantry.Docker.Building;

/// <summary>An exported layer in the form in which it is stored.</summary>
/// <param name="Blob">Media type, digest and size.</param>
/// <param name="Open">Opens the content of the layer.</param>
internal sealed record ExportedLayer(Descriptor Blob, Func<Stream> Open)
{
    /// <summary>
    /// Keeps a layer that the engine has compressed, and compresses a plain tar. Throws <c>GAN6013</c> when the tar does not match the
    /// configuration, and <c>GAN3019</c> when the disk is full.
    /// </summary>
    public static async Task<ExportedLayer> PrepareAsync(
        ExportedArchive archive, Descriptor layer, string image, string path, LayerCompression compression,
        CancellationToken cancellationToken)
    {
        if (layer.MediaType != MediaTypes.OciLayer)
            return new ExportedLayer(layer, () => archive.Open(layer));

        await using var tar = archive.Open(layer);
        var (blob, diffId) = await LayerCompressor.CompressAsync(tar, path, compression, cancellationToken);
        return diffId == layer.Digest
            ? new ExportedLayer(blob, () => File.OpenRead(path))
            : throw DockerErrors.InvalidExport(image, $"a layer that should be {layer.Digest} is {diffId}");
    }
}
