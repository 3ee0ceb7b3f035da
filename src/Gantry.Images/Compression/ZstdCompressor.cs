using System.Collections.Concurrent;
using Gantry.Oci;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Gantry.Images.Compression;

/// <summary>
/// Compresses to frames of Zstandard, each with its checksum. The bytes depend on the content and on the version of the library: another
/// version that gives other bytes needs another <see cref="Format"/>.
/// </summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc8878#section-3.1">RFC 8878, frames</seealso>
internal sealed class ZstdCompressor : IMemberCompressor
{
    // Changing it changes every digest: then the format needs another name.
    private const int Level = 9;

    private readonly ConcurrentBag<Compressor> _compressors = [];

    public string MediaType => MediaTypes.OciLayerZstd;

    public string Format => "zstd-1";

    public byte[] Compress(ReadOnlySpan<byte> content)
    {
        var compressor = _compressors.TryTake(out var used) ? used : Create();
        try
        {
            return compressor.Wrap(content).ToArray();
        }
        finally
        {
            _compressors.Add(compressor);
        }
    }

    private static Compressor Create()
    {
        var compressor = new Compressor(Level);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor;
    }
}
