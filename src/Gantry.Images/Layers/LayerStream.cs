using System.Security.Cryptography;
using Gantry.Images.Compression;
using Gantry.Oci;

namespace Gantry.Images.Layers;

/// <summary>
/// Compresses the bytes of a tar to a file and computes both digests on the way. Uses a few MiB of memory, however large the layer is.
/// </summary>
internal sealed class LayerStream : IAsyncDisposable
{
    /// <summary>The number of bytes of content in one member, at most. Changing it changes every digest.</summary>
    public const int MaxMemberSize = 1024 * 1024;

    private readonly FileStream _file;
    private readonly IMemberCompressor _compressor;
    private readonly IncrementalHash _plain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _compressed = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<Task<byte[]>> _members = new();
    private readonly Stack<byte[]> _buffers = new();
    private readonly int _parallelism = Environment.ProcessorCount;
    private byte[] _buffer = new byte[MaxMemberSize];
    private int _filled;
    private long _size;

    /// <param name="path">The file.</param>
    /// <param name="compressor">Compresses the members.</param>
    public LayerStream(string path, IMemberCompressor compressor)
    {
        _compressor = compressor;
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
        });
    }

    /// <summary>Writes bytes of the tar.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _plain.AppendData(content.Span);
        while (!content.IsEmpty)
        {
            var count = Math.Min(content.Length, _buffer.Length - _filled);
            content[..count].CopyTo(_buffer.AsMemory(_filled));
            content = content[count..];
            _filled += count;
            if (_filled == _buffer.Length)
                await EndMemberAsync(cancellationToken);
        }
    }

    /// <summary>Ends the member, so that what follows is compressed by itself.</summary>
    public async ValueTask EndMemberAsync(CancellationToken cancellationToken)
    {
        if (_filled == 0)
            return;
        var (content, filled) = (_buffer, _filled);
        _members.Enqueue(Task.Run(() => Compress(content, filled), cancellationToken));
        _filled = 0;
        if (_members.Count > _parallelism)
            await WriteMemberAsync(cancellationToken);
        _buffer = TakeBuffer();
    }

    /// <summary>Completes the layer and returns its descriptor and diff id.</summary>
    public async Task<(Descriptor Blob, Digest DiffId)> CompleteAsync(CancellationToken cancellationToken)
    {
        await EndMemberAsync(cancellationToken);
        while (_members.Count > 0)
            await WriteMemberAsync(cancellationToken);
        await _file.FlushAsync(cancellationToken);

        var blob = new Descriptor
        {
            MediaType = _compressor.MediaType,
            Digest = Digest.FromSha256(_compressed.GetHashAndReset()),
            Size = _size,
        };
        return (blob, Digest.FromSha256(_plain.GetHashAndReset()));
    }

    public async ValueTask DisposeAsync()
    {
        // No task may still read the buffers, and no exception may stay unobserved.
        await ((Task)Task.WhenAll(_members)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _file.DisposeAsync();
        _plain.Dispose();
        _compressed.Dispose();
    }

    private byte[] Compress(byte[] content, int filled)
    {
        var member = _compressor.Compress(content.AsSpan(0, filled));
        lock (_buffers)
            _buffers.Push(content);
        return member;
    }

    private byte[] TakeBuffer()
    {
        lock (_buffers)
            return _buffers.TryPop(out var buffer) ? buffer : new byte[MaxMemberSize];
    }

    private async Task WriteMemberAsync(CancellationToken cancellationToken)
    {
        var member = await _members.Dequeue();
        _compressed.AppendData(member);
        _size += member.Length;
        await _file.WriteAsync(member, cancellationToken);
    }
}
