using System.Security.Cryptography;
using Gantry.Oci;

namespace Gantry.Images.Layers;

/// <summary>
/// Compresses the bytes of a tar to a file and computes both digests on the way. Uses a few MiB of memory, however large the layer is.
/// </summary>
internal sealed class LayerStream : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly Func<ReadOnlyMemory<byte>, byte[]> _compress;
    private readonly IncrementalHash _plain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _compressed = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<Task<byte[]>> _members = new();
    private readonly int _parallelism = Environment.ProcessorCount;
    private byte[] _buffer = new byte[GzipMembers.MemberSize];
    private int _filled;
    private long _size;

    /// <param name="path">The file.</param>
    /// <param name="compress">Compresses one gzip member; called by several threads at the same time.</param>
    public LayerStream(string path, Func<ReadOnlyMemory<byte>, byte[]> compress)
    {
        _compress = compress;
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
                await CompressBufferAsync(cancellationToken);
        }
    }

    /// <summary>Completes the layer and returns its descriptor and diff id.</summary>
    public async Task<(Descriptor Blob, Digest DiffId)> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
            await CompressBufferAsync(cancellationToken);
        while (_members.Count > 0)
            await WriteMemberAsync(cancellationToken);
        await _file.FlushAsync(cancellationToken);

        var blob = new Descriptor
        {
            MediaType = MediaTypes.OciLayerGzip,
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

    private async Task CompressBufferAsync(CancellationToken cancellationToken)
    {
        var content = _buffer.AsMemory(0, _filled);
        _members.Enqueue(Task.Run(() => _compress(content), cancellationToken));
        _buffer = new byte[GzipMembers.MemberSize];
        _filled = 0;
        if (_members.Count > _parallelism)
            await WriteMemberAsync(cancellationToken);
    }

    private async Task WriteMemberAsync(CancellationToken cancellationToken)
    {
        var member = await _members.Dequeue();
        _compressed.AppendData(member);
        _size += member.Length;
        await _file.WriteAsync(member, cancellationToken);
    }
}
