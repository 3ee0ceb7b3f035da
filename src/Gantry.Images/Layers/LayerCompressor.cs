using Gantry.Images.Compression;
using Gantry.Oci;

namespace Gantry.Images.Layers;

/// <summary>Compresses layers so that the same content gives the same bytes on every machine.</summary>
public static class LayerCompressor
{
    /// <summary>
    /// Compresses a plain tar to a file and returns the descriptor of the file and the digest of the tar. Throws <c>GAN3019</c> when there
    /// is no space for it.
    /// </summary>
    /// <param name="tar">The tar.</param>
    /// <param name="path">The file.</param>
    /// <param name="compression">The compression.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<(Descriptor Blob, Digest DiffId)> CompressAsync(
        Stream tar, string path, LayerCompression compression, CancellationToken cancellationToken)
    {
        try
        {
            await using var layer = new LayerStream(path, Compressors.Create(compression));
            var buffer = new byte[128 * 1024];
            while (await tar.ReadAsync(buffer, cancellationToken) is > 0 and var count)
                await layer.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            return await layer.CompleteAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw LayerErrors.CannotStoreLayer(Path.GetDirectoryName(path)!, exception);
        }
    }
}
