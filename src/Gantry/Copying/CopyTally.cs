using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>Counts what was written for one image at one target.</summary>
internal sealed class CopyTally
{
    private int _uploaded;
    private int _mounted;
    private int _manifests;
    private long _bytes;

    public int BlobsUploaded => Volatile.Read(ref _uploaded);

    public int BlobsMounted => Volatile.Read(ref _mounted);

    public int ManifestsWritten => Volatile.Read(ref _manifests);

    public long BytesUploaded => Interlocked.Read(ref _bytes);

    public void ManifestWritten() => Interlocked.Increment(ref _manifests);

    public void Placed(Descriptor blob, BlobPlacement placement)
    {
        if (placement == BlobPlacement.Mounted)
            Interlocked.Increment(ref _mounted);
        if (placement != BlobPlacement.Uploaded)
            return;
        Interlocked.Increment(ref _uploaded);
        Interlocked.Add(ref _bytes, blob.Size);
    }
}
