using System.IO.Compression;

namespace Gantry.IO;

/// <summary>The content of a gzip file, up to a multiple of its size: what unpacks to more was made to fill the disk.</summary>
/// <param name="packed">The gzip file; it is disposed of with this stream.</param>
/// <param name="packedBytes">The size of the gzip file.</param>
/// <param name="tooLarge">Creates the error for content that is too large, from the number of bytes that it may have.</param>
internal sealed class UnpackedStream(Stream packed, long packedBytes, Func<long, Exception> tooLarge) : ReadOnlyStream
{
    private readonly GZipStream _plain = new(packed, CompressionMode.Decompress);
    private readonly long _limit = Math.Max(Limits.UnpackedBytesAlways, checked(packedBytes * Limits.UnpackRatio));
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _plain.ReadAsync(buffer, cancellationToken);
        _read += read;
        return _read <= _limit ? read : throw tooLarge(_limit);
    }

    public override async ValueTask DisposeAsync()
    {
        await _plain.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _plain.Dispose();
        base.Dispose(disposing);
    }
}
