using System.Collections.Concurrent;
using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>The progress of a copy at one target repository.</summary>
public sealed class TargetProgress
{
    private readonly ConcurrentDictionary<string, byte> _tags = new(StringComparer.Ordinal);
    private long _bytesExpected;
    private long _bytesDone;
    private int _blobsExpected;
    private int _blobsDone;

    internal TargetProgress(string location) => Location = location;

    /// <summary>The repository, for people: <c>contoso.azurecr.io/app</c>.</summary>
    public string Location { get; }

    /// <summary>The number of blobs that are known so far.</summary>
    public int BlobsExpected => Volatile.Read(ref _blobsExpected);

    /// <summary>The number of blobs that are in the repository.</summary>
    public int BlobsDone => Volatile.Read(ref _blobsDone);

    /// <summary>The total bytes of the blobs that are known so far.</summary>
    public long BytesExpected => Interlocked.Read(ref _bytesExpected);

    /// <summary>The bytes of the blobs that are in the repository.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesDone);

    /// <summary>The tags that are in place: their images are complete.</summary>
    public IReadOnlyList<string> Tags => [.. _tags.Keys.Order(StringComparer.Ordinal)];

    internal void Expect(Descriptor blob)
    {
        Interlocked.Add(ref _bytesExpected, blob.Size);
        Interlocked.Increment(ref _blobsExpected);
    }

    internal void Settle(Descriptor blob)
    {
        Interlocked.Add(ref _bytesDone, blob.Size);
        Interlocked.Increment(ref _blobsDone);
    }

    internal void Add(string tag) => _tags.TryAdd(tag, 0);
}
