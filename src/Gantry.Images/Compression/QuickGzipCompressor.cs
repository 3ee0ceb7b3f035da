using System.IO.Compression;
using Gantry.Oci;

namespace Gantry.Images.Compression;

/// <summary>
/// Compresses to members of gzip in a fraction of the time, with bytes that depend on the runtime: for layers that are specific to one
/// machine anyway.
/// </summary>
internal sealed class QuickGzipCompressor : IMemberCompressor
{
    public string MediaType => MediaTypes.OciLayerGzip;

    public string Format => "gzip-quick";

    public byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var member = new MemoryStream(content.Length / 2);
        using (var gzip = new GZipStream(member, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return member.ToArray();
    }
}
