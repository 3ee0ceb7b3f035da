using System.Collections.Concurrent;
using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>How far a copy is. Written by the copy, read by whoever shows it, at whatever pace that one likes.</summary>
public sealed class CopyProgress
{
    private readonly ConcurrentDictionary<BlobTransfer, byte> _active = new();
    private long _bytesExpected;
    private long _bytesSettled;
    private int _blobsExpected;
    private int _blobsSettled;

    /// <summary>The blobs that move now.</summary>
    public IReadOnlyCollection<BlobTransfer> Active => [.. _active.Keys];

    /// <summary>The bytes of all blobs that are known to belong to the copy so far, once a target.</summary>
    public long BytesExpected => Interlocked.Read(ref _bytesExpected);

    /// <summary>The bytes of the blobs that are where they belong, moved or not, and of those on their way as far as they are.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesSettled) + _active.Keys.Sum(transfer => transfer.BytesDone);

    /// <summary>How many blobs are known to belong to the copy so far, once a target.</summary>
    public int BlobsExpected => Volatile.Read(ref _blobsExpected);

    /// <summary>How many of them are where they belong.</summary>
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

/// <summary>One blob on its way to one target.</summary>
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

    /// <summary>Where it goes.</summary>
    public string Target { get; }

    /// <summary>How many of its bytes are on their way; starts again from zero when the transfer does.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesDone);

    internal void Restart() => Interlocked.Exchange(ref _bytesDone, 0);

    internal void Advance(int bytes) => Interlocked.Add(ref _bytesDone, bytes);
}
