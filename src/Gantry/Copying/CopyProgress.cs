using System.Collections.Concurrent;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>The progress of a copy. The copy updates it; a display reads it at any interval.</summary>
/// <remarks>
/// A blob that several images share is transferred to a registry once, and mounted or found there for the others. It counts once, too.
/// </remarks>
public sealed class CopyProgress
{
    private readonly ConcurrentDictionary<BlobTransfer, byte> _active = new();
    private readonly ConcurrentDictionary<(string Registry, Digest Digest, long Size), byte> _counted = new();
    private readonly ConcurrentDictionary<string, TargetProgress> _targets = new(StringComparer.Ordinal);
    private long _bytesExpected;
    private long _bytesSettled;
    private long _bytesTransferred;
    private int _blobsExpected;
    private int _blobsSettled;
    private int _blobsTransferred;

    /// <summary>The blobs that are being transferred now.</summary>
    public IReadOnlyCollection<BlobTransfer> Active => [.. _active.Keys];

    /// <summary>The repositories that are written to, by name, with how far each of them is.</summary>
    public IReadOnlyList<TargetProgress> Targets =>
        [.. _targets.Values.OrderBy(target => target.Location, StringComparer.Ordinal)];

    /// <summary>The total bytes of all blobs that are known so far, counted once per registry.</summary>
    public long BytesExpected => Interlocked.Read(ref _bytesExpected);

    /// <summary>The bytes of the finished blobs, transferred or not, and of the running transfers so far.</summary>
    public long BytesDone =>
        Interlocked.Read(ref _bytesSettled) + _active.Keys.Where(transfer => transfer.IsCounted).Sum(transfer => transfer.BytesDone);

    /// <summary>The number of blobs that are known so far, counted once per registry.</summary>
    public int BlobsExpected => Volatile.Read(ref _blobsExpected);

    /// <summary>The number of finished blobs.</summary>
    public int BlobsDone => Volatile.Read(ref _blobsSettled);

    /// <summary>The bytes of the blobs that were transferred completely: the others existed, or were mounted.</summary>
    public long BytesTransferred => Interlocked.Read(ref _bytesTransferred);

    /// <summary>The number of blobs that were transferred completely.</summary>
    public int BlobsTransferred => Volatile.Read(ref _blobsTransferred);

    /// <summary>Expects a blob that is only read. It always counts.</summary>
    internal void Expect(Descriptor blob) => Count(blob);

    /// <summary>Expects a blob at a target. Returns true when it counts: the first one in its registry does.</summary>
    internal bool Expect(Descriptor blob, IImageRepository target)
    {
        Target(target).Expect(blob);
        var counts = _counted.TryAdd((target.Registry, blob.Digest, blob.Size), 0);
        if (counts)
            Count(blob);
        return counts;
    }

    internal BlobTransfer Begin(Descriptor blob, string target, bool counts = true)
    {
        var transfer = new BlobTransfer(blob, target, counts);
        _active.TryAdd(transfer, 0);
        return transfer;
    }

    internal void End(BlobTransfer transfer) => _active.TryRemove(transfer, out _);

    internal void Settle(Descriptor blob)
    {
        Interlocked.Add(ref _bytesSettled, blob.Size);
        Interlocked.Increment(ref _blobsSettled);
    }

    internal void Settle(Descriptor blob, IImageRepository target, bool counts)
    {
        Target(target).Settle(blob);
        if (counts)
            Settle(blob);
    }

    internal void AddTransferred(Descriptor blob)
    {
        Interlocked.Add(ref _bytesTransferred, blob.Size);
        Interlocked.Increment(ref _blobsTransferred);
    }

    internal void AddTag(IImageRepository target, string tag) => Target(target).Add(tag);

    private TargetProgress Target(IImageRepository target) =>
        _targets.GetOrAdd(target.Location, location => new TargetProgress(location));

    private void Count(Descriptor blob)
    {
        Interlocked.Add(ref _bytesExpected, blob.Size);
        Interlocked.Increment(ref _blobsExpected);
    }
}

/// <summary>One blob that is being transferred to one target.</summary>
public sealed class BlobTransfer
{
    private long _bytesDone;

    internal BlobTransfer(Descriptor blob, string target, bool isCounted)
    {
        Blob = blob;
        Target = target;
        IsCounted = isCounted;
    }

    /// <summary>The blob.</summary>
    public Descriptor Blob { get; }

    /// <summary>The destination.</summary>
    public string Target { get; }

    /// <summary>The number of bytes transferred so far; starts again from zero when the transfer is restarted.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesDone);

    /// <summary>True when the blob counts in the totals: another image does not count it already.</summary>
    internal bool IsCounted { get; }

    internal void Restart() => Interlocked.Exchange(ref _bytesDone, 0);

    internal void Advance(int bytes) => Interlocked.Add(ref _bytesDone, bytes);
}
