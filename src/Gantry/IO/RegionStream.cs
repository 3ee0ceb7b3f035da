using Microsoft.Win32.SafeHandles;

namespace Gantry.IO;

/// <summary>Reads a region of a file, which others may read at the same time.</summary>
internal sealed class RegionStream(SafeFileHandle file, long offset, long length, string path) : ReadOnlyStream
{
    private long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 && value <= length ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => length,
    };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await RandomAccess.ReadAsync(
                file, buffer[..(int)Math.Min(buffer.Length, length - _position)], offset + _position, cancellationToken);
            _position += read;
            return read;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.For(exception, path);
        }
    }
}
