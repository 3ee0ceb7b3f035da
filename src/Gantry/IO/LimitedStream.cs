namespace Gantry.IO;

/// <summary>The next bytes of another stream, up to a limit; the other stream stays open.</summary>
internal sealed class LimitedStream(Stream inner, long length) : ReadOnlyStream
{
    private long _taken;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // An empty blob is verified too: its end is read, although there is no content.
        if (_taken == length && length > 0)
            return 0;
        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Math.Max(length - _taken, 1))], cancellationToken);
        _taken += read;
        return read;
    }
}
