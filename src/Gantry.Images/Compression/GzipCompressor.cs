using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Hashing;
using Gantry.Oci;

namespace Gantry.Images.Compression;

/// <summary>
/// Compresses to members of gzip, reproducibly: the bytes depend on the content alone. The output of System.IO.Compression depends on the
/// zlib of the runtime and of the processor.
/// </summary>
/// <remarks>A gzip file may consist of several members. They are independent, so they are compressed in parallel.</remarks>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc1952#section-2.2">RFC 1952, file format</seealso>
internal sealed class GzipCompressor : IMemberCompressor
{
    private const int TrailerSize = 8;

    private readonly ConcurrentBag<DeflateEncoder> _encoders = [];

    public string MediaType => MediaTypes.OciLayerGzip;

    public string Format => "gzip-1";

    // ID1 ID2, CM = deflate, no flags, no time, no extra flags, OS = unknown.
    private static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

    public byte[] Compress(ReadOnlySpan<byte> content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Header.Length + DeflateEncoder.MaxSize(content.Length) + TrailerSize);
        var encoder = _encoders.TryTake(out var used) ? used : new DeflateEncoder();
        try
        {
            Header.CopyTo(buffer);
            var end = Header.Length + encoder.Encode(content, buffer.AsSpan(Header.Length));
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(end), Crc32.HashToUInt32(content));
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(end + 4), (uint)content.Length);
            return buffer[..(end + TrailerSize)];
        }
        finally
        {
            _encoders.Add(encoder);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
