using Gantry.Oci;

namespace Gantry.Images.Compression;

/// <summary>Creates the compressors of layers.</summary>
internal static class Compressors
{
    /// <summary>Creates a compressor whose output depends on the content alone.</summary>
    public static IMemberCompressor Create(LayerCompression compression) => compression switch
    {
        LayerCompression.Gzip => new GzipCompressor(),
        LayerCompression.Zstd => new ZstdCompressor(),
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, null),
    };
}
