using System.Buffers;

namespace Gantry.IO;

/// <summary>
/// Copies bytes from one stream to another with two small buffers: while one is written, the next is read and hashed. Memory use does not
/// depend on the size.
/// </summary>
internal static class StreamCopier
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Copies until the end of the source.</summary>
    public static async Task CopyAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
        var current = ArrayPool<byte>.Shared.Rent(BufferSize);
        var next = ArrayPool<byte>.Shared.Rent(BufferSize);
        var writing = Task.CompletedTask;
        try
        {
            for (var read = await source.ReadAsync(current, cancellationToken); read > 0;)
            {
                var length = read;
                writing = WriteAsync(target, current.AsMemory(0, length), cancellationToken);
                read = await source.ReadAsync(next, cancellationToken);
                await writing;
                (current, next) = (next, current);
            }
        }
        finally
        {
            // A write that is still running uses its buffer, whatever the result of the read beside it.
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(current);
            ArrayPool<byte>.Shared.Return(next);
        }
    }

    private static async Task WriteAsync(Stream target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await target.WriteAsync(content, cancellationToken);
}
