using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>Reports how blobs were stored, to the log of a session and to who listens to its telemetry.</summary>
internal static class BlobReport
{
    /// <summary>Reports one blob, and returns its placement.</summary>
    public static BlobPlacement Report(
        this BlobPlacement placement, Descriptor blob, string location, Action<string>? log, bool resumed = false)
    {
        var decision = placement switch
        {
            BlobPlacement.AlreadyThere => "there",
            BlobPlacement.Mounted => "mounted",
            _ => resumed ? "resumed" : "uploaded",
        };
        Telemetry.AddBlob(decision, blob.Digest, blob.Size);
        log?.Invoke($"blob {blob.Digest} ({Format.Bytes(blob.Size)}) in {location}: {decision}");
        return placement;
    }
}
