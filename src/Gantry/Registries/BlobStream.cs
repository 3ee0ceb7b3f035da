using System.Security.Cryptography;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// The content of a blob, verified while it is read: the read that would complete it fails when digest or size do not match the descriptor,
/// so a reader never receives the whole of a wrong blob.
/// </summary>
public sealed class BlobStream : Stream
{
    private readonly Func<long, CancellationToken, Task<Stream>>? _reopen;
    private readonly string _location;
    private readonly IncrementalHash? _hash;
    private Stream _inner;
    private long _hashed;
    private long _position;
    private bool _verified;

    /// <summary>Creates a stream that verifies another one.</summary>
    /// <param name="blob">The descriptor of the expected content.</param>
    /// <param name="location">The repository of the content, for messages.</param>
    /// <param name="content">The content from its beginning; it is disposed of with this stream.</param>
    /// <param name="reopen">Opens the content again at a position; null when the repository cannot do that.</param>
    public BlobStream(Descriptor blob, string location, Stream content, Func<long, CancellationToken, Task<Stream>>? reopen = null)
        : this(blob, location, content, reopen, blob.Digest.CreateHash())
    {
    }

    private BlobStream(
        Descriptor blob, string location, Stream content, Func<long, CancellationToken, Task<Stream>>? reopen, IncrementalHash? hash)
    {
        Blob = blob;
        _location = location;
        _inner = content;
        _reopen = reopen;
        _hash = hash;
        _verified = hash is null;
    }

    /// <summary>The descriptor of the content.</summary>
    public Descriptor Blob { get; }

    /// <summary>Finds the encoding in which the content was sent although nothing asked for it, for messages.</summary>
    internal Func<string?>? FindEncoding { get; init; }

    /// <summary>Called when the content does not match, before the error is thrown.</summary>
    internal Action? OnMismatch { get; init; }

    /// <summary>Called once, on disposal.</summary>
    internal Action? OnDisposed { get; set; }

    /// <summary>Called with the number of bytes of each read, for progress.</summary>
    internal Action<int>? OnRead { get; set; }

    /// <summary>True when <see cref="RewindAsync"/> can go back to a position in the middle.</summary>
    public bool CanRewind => _reopen is not null;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => Blob.Size;

    /// <inheritdoc/>
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>
    /// Creates a stream over content that is verified elsewhere and ends only when it is right, so it is not hashed again.
    /// </summary>
    internal static BlobStream FromVerified(
        Descriptor blob, string location, Stream content, Func<long, CancellationToken, Task<Stream>> reopen) =>
        new(blob, location, content, reopen, hash: null);

    /// <summary>
    /// Goes back to a position that was read before, to repeat what a receiver lost. Repeated content was verified the first time and is
    /// not hashed again; what follows completes the verification of the whole.
    /// </summary>
    public async Task RewindAsync(long position, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, _position);
        if (_reopen is null)
            throw new NotSupportedException("This content cannot be opened in the middle.");

        await _inner.DisposeAsync();
        _inner = Null;
        _inner = await _reopen(position, cancellationToken);
        _position = position;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || (_verified && _position == Blob.Size))
            return 0;

        // Reads one byte beyond the size, so that content that is too long is detected before its end is returned.
        var read = await _inner.ReadAsync(buffer, cancellationToken);
        if (_position + read > Blob.Size)
            throw RegistryErrors.SizeMismatch(_location, Blob.Digest, Blob.Size, "more", FindEncoding?.Invoke());
        if (read == 0 && _position < Blob.Size)
            throw RegistryErrors.SizeMismatch(_location, Blob.Digest, Blob.Size, $"{_position}", FindEncoding?.Invoke());

        Hash(buffer.Span[..read]);
        _position += read;
        if (_position == Blob.Size)
            await CompleteAsync(cancellationToken);
        OnRead?.Invoke(read);
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Blobs are read asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _hash?.Dispose();
        await _inner.DisposeAsync();
        NotifyDisposed();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash?.Dispose();
            _inner.Dispose();
            NotifyDisposed();
        }

        base.Dispose(disposing);
    }

    private void NotifyDisposed()
    {
        var told = OnDisposed;
        OnDisposed = null;
        told?.Invoke();
    }

    // Content before a rewind is hashed already.
    private void Hash(ReadOnlySpan<byte> content)
    {
        if (_hash is null)
            return;
        var known = (int)Math.Min(content.Length, _hashed - _position);
        _hash.AppendData(content[known..]);
        _hashed += content.Length - known;
    }

    private async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        var beyond = new byte[1];
        if (await _inner.ReadAsync(beyond, cancellationToken) > 0)
            throw RegistryErrors.SizeMismatch(_location, Blob.Digest, Blob.Size, "more", FindEncoding?.Invoke());
        if (_verified || _hash is null)
            return;

        var actual = _hash.GetHashAndReset();
        if (!Blob.Digest.Matches(actual))
        {
            OnMismatch?.Invoke();
            var named = $"{Blob.Digest.Algorithm}:{Convert.ToHexStringLower(actual)}";
            throw RegistryErrors.DigestMismatch(_location, Blob.Digest, named, FindEncoding?.Invoke());
        }

        _verified = true;
    }
}
