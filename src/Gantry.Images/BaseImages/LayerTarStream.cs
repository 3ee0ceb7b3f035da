using Gantry.IO;
using Gantry.Oci;

namespace Gantry.Images.BaseImages;

/// <summary>
/// The tar of a layer, for a reader of headers: refuses content that is a too large multiple of what is stored, and headers that are too
/// large. The reader takes a whole header at once.
/// </summary>
internal sealed class LayerTarStream(Stream plain, Descriptor blob, LayerFailures failures) : Stream
{
    private readonly long _limit = Math.Max(
        Limits.UnpackedBytesAlways,
        blob.Size < long.MaxValue / Limits.UnpackRatio ? blob.Size * Limits.UnpackRatio : long.MaxValue);

    private long _read;

    /// <summary>
    /// True while the content of an entry is read, which is no header whatever is in it: a file may contain what looks like one.
    /// </summary>
    public bool IsInContent { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = IsInContent
            ? await plain.ReadAsync(buffer, cancellationToken)
            : await ReadHeaderAsync(buffer, cancellationToken);
        return (_read += read) <= _limit
            ? read
            : throw failures.TooLarge(
                $"its layer {blob.Digest} unpacks to more than {Format.Bytes(_limit)}", nameof(Limits.UnpackRatio));
    }

    private async ValueTask<int> ReadHeaderAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        EnsureIsSmall(buffer.Length);

        // A whole block, so that a header is seen before the reader allocates memory for what it announces.
        var read = buffer.Length == TarHeader.BlockSize
            ? await plain.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)
            : await plain.ReadAsync(buffer, cancellationToken);
        EnsureIsSmall(TarHeader.MetadataSize(buffer.Span[..read]));
        return read;
    }

    private void EnsureIsSmall(long header)
    {
        if (header > Limits.TarHeaderBytes)
            throw failures.TooLarge(
                $"its layer {blob.Digest} has a header of {Format.Bytes(header)}, and {Format.Bytes(Limits.TarHeaderBytes)} are read",
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
