using Microsoft.Win32.SafeHandles;

namespace Gantry.IO;

/// <summary>
/// The stream for a reader of tar headers, which skips contents: what it reads between two headers is metadata. Its size is limited,
/// because only a malicious archive has a lot of it.
/// </summary>
internal sealed class HeaderStream(SafeFileHandle file) : ReadOnlyStream
{
    // The blocks of the headers themselves.
    private const int AllowedBlocks = 8 * 1024;
    private int _read;

    public override bool CanSeek => true;

    public override long Length { get; } = RandomAccess.GetLength(file);

    public override long Position { get; set; }

    /// <summary>Resets the limit at the beginning of the next header.</summary>
    public void Restart() => _read = 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        EnsureIsSmall(buffer.Length);
        var read = await RandomAccess.ReadAsync(file, buffer, Position, cancellationToken);

        // Before the reader allocates memory for what it announces.
        EnsureIsSmall(TarHeader.MetadataSize(buffer.Span[..read]));
        Position += read;
        _read += read;
        return read;
    }

    private void EnsureIsSmall(long more)
    {
        if (more > Limits.TarHeaderBytes + AllowedBlocks - _read)
            throw new InvalidDataException($"A header is larger than {Format.Bytes(Limits.TarHeaderBytes)}.");
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };
}
