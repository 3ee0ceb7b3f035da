using Gantry.Images.Compression;
using Gantry.Oci;

namespace Gantry.Images.Layers;

/// <summary>
/// Compresses layers so that the same content gives the same bytes on every machine. Content that was compressed before is taken from a
/// cache.
/// </summary>
public sealed class LayerCompressor
{
    // Some releases of an application of a few hundred megabytes.
    private const long MaxCacheBytes = 1L << 30;

    private readonly string? _memberFolder;

    /// <summary>Creates a compressor.</summary>
    /// <param name="compression">The compression.</param>
    /// <param name="cacheFolder">The folder of <see cref="OciImageBuilderOptions.CacheFolder"/>; null disables the cache.</param>
    public LayerCompressor(LayerCompression compression = LayerCompression.Gzip, string? cacheFolder = null)
    {
        Members = Compressors.Create(compression);
        if (cacheFolder is null)
            return;
        _memberFolder = Path.Combine(cacheFolder, "members");
        Members = new MemberCache(Members, _memberFolder, TimeProvider.System);
    }

    /// <summary>Gets what compresses the parts of a layer.</summary>
    internal IMemberCompressor Members { get; }

    /// <summary>
    /// Compresses a plain tar to a file and returns the descriptor of the file and the digest of the tar. Throws <c>GAN3019</c> when there
    /// is no space for it.
    /// </summary>
    /// <param name="tar">The tar.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<(Descriptor Blob, Digest DiffId)> CompressAsync(Stream tar, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var layer = new LayerStream(path, Members);
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

    /// <summary>Deletes what was not used for the longest time, until the cache takes at most a GiB.</summary>
    public void TrimCache()
    {
        if (_memberFolder is not null)
            MemberCache.Trim(_memberFolder, MaxCacheBytes);
    }
}
