using System.Collections.Concurrent;
using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>The progress of a copy. The copy updates it; a display reads it at any interval.</summary>
public sealed class CopyProgress
{
    private readonly ConcurrentDictionary<BlobTransfer, byte> _active = new();
    private long _bytesExpected;
    private long _bytesSettled;
    private int _blobsExpected;
    private int _blobsSettled;

    /// <summary>The blobs that are being transferred now.</summary>
    public IReadOnlyCollection<BlobTransfer> Active => [.. _active.Keys];

    /// <summary>The total bytes of all blobs that are known so far, counted once per target.</summary>
    public long BytesExpected => Interlocked.Read(ref _bytesExpected);

    /// <summary>The bytes of the finished blobs, transferred or not, and of the running transfers so far.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesSettled) + _active.Keys.Sum(transfer => transfer.BytesDone);

    /// <summary>The number of blobs that are known so far, counted once per target.</summary>
    public int BlobsExpected => Volatile.Read(ref _blobsExpected);

    /// <summary>The number of finished blobs.</summary>
    public int BlobsDone => Volatile.Read(ref _blobsSettled);

    internal void Expect(Descriptor blob)
    {
        Interlocked.Add(ref _bytesExpected, blob.Size);
        Interlocked.Increment(ref _blobsExpected);
    }

    internal BlobTransfer Begin(Descriptor blob, string target)
    {
        var transfer = new BlobTransfer(blob, target);
        _active.TryAdd(transfer, 0);
        return transfer;
    }

    internal void End(BlobTransfer transfer) => _active.TryRemove(transfer, out _);

    internal void Settle(Descriptor blob)
    {
        Interlocked.Add(ref _bytesSettled, blob.Size);
        Interlocked.Increment(ref _blobsSettled);
    }
}

/// <summary>One blob that is being transferred to one target.</summary>
public sealed class BlobTransfer
{
    private long _bytesDone;

    internal BlobTransfer(Descriptor blob, string target)
    {
        Blob = blob;
        Target = target;
    }

    /// <summary>The blob.</summary>
    public Descriptor Blob { get; }

    /// <summary>The destination.</summary>
    public string Target { get; }

    /// <summary>The number of bytes transferred so far; starts again from zero when the transfer is restarted.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesDone);

    internal void Restart() => Interlocked.Exchange(ref _bytesDone, 0);

    internal void Advance(int bytes) => Interlocked.Add(ref _bytesDone, bytes);
}
