using Gantry.IO;

namespace Gantry.Images.BaseImages;

/// <summary>
/// The tar of a layer, for a reader of headers: refuses content that is a too large multiple of what is stored, and headers that are too
/// large. The reader takes a whole header at once, and skips contents in small parts.
/// </summary>
/// <param name="plain">The tar.</param>
/// <param name="storedBytes">The size of the layer as it is stored.</param>
/// <param name="tooLarge">Creates the error for a layer beyond a limit, from the rest of the sentence and the name of the limit.</param>
internal sealed class LayerTarStream(Stream plain, long storedBytes, Func<string, string, GantryException> tooLarge) : Stream
{
    private readonly long _limit = Math.Max(
        Limits.UnpackedBytesAlways,
        storedBytes < long.MaxValue / Limits.UnpackRatio ? storedBytes * Limits.UnpackRatio : long.MaxValue);

    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        EnsureIsSmall(buffer.Length);

        // A whole block, so that a header is seen before the reader allocates memory for what it announces.
        var read = buffer.Length == TarHeader.BlockSize
            ? await plain.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)
            : await plain.ReadAsync(buffer, cancellationToken);
        _read += read;
        EnsureIsSmall(TarHeader.MetadataSize(buffer.Span[..read]));
        return _read <= _limit
            ? read
            : throw tooLarge($"unpacks to more than {Format.Bytes(_limit)}", nameof(Limits.UnpackRatio));
    }

    private void EnsureIsSmall(long header)
    {
        if (header > Limits.TarHeaderBytes)
            throw tooLarge(
                $"has a header of {Format.Bytes(header)}, and {Format.Bytes(Limits.TarHeaderBytes)} are read",
                nameof(Limits.TarHeaderBytes));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Layers are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await plain.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            plain.Dispose();
        base.Dispose(disposing);
    }
}
