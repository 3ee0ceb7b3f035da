using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using ICSharpCode.SharpZipLib.Checksum;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace Gantry.Images.Layers;

/// <summary>
/// Compresses reproducibly: the bytes depend on the content alone. One gzip member per MiB, compressed by managed code; the output of
/// System.IO.Compression depends on the zlib of the runtime and of the processor.
/// </summary>
/// <remarks>A gzip file may consist of several members. They are independent, so they are compressed in parallel.</remarks>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc1952#section-2.2">RFC 1952, file format</seealso>
internal static class GzipMembers
{
    /// <summary>The number of bytes of content in one member. Changing it changes every digest.</summary>
    public const int MemberSize = 1024 * 1024;

    // Above this level a layer of assemblies shrinks by less than one percent and takes a quarter longer.
    private const int Level = 5;

    // ID1 ID2, CM = deflate, no flags, no time, no extra flags, OS = unknown.
    private static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

    /// <summary>
    /// Compresses to one member in a third of the time, with bytes that depend on the runtime: for layers that are specific to one machine
    /// anyway.
    /// </summary>
    public static byte[] CompressFast(ReadOnlyMemory<byte> content)
    {
        using var member = new MemoryStream(content.Length / 2);
        using (var gzip = new GZipStream(member, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content.Span);
        return member.ToArray();
    }

    /// <summary>Compresses to one member.</summary>
    public static byte[] Compress(ReadOnlyMemory<byte> content)
    {
        using var member = new MemoryStream(content.Length / 2);
        member.Write(Header);
        Deflate(content, member);

        var checksum = new Crc32();
        checksum.Update(AsSegment(content));
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, (uint)checksum.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)content.Length);
        member.Write(trailer);
        return member.ToArray();
    }

    private static void Deflate(ReadOnlyMemory<byte> content, MemoryStream member)
    {
        var deflater = new Deflater(Level, noZlibHeaderOrFooter: true);
        var input = AsSegment(content);
        deflater.SetInput(input.Array, input.Offset, input.Count);
        deflater.Finish();

        var buffer = new byte[64 * 1024];
        while (!deflater.IsFinished)
            member.Write(buffer, 0, deflater.Deflate(buffer));
    }

    private static ArraySegment<byte> AsSegment(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var segment) ? segment : new(content.ToArray());
}
