using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>What became of a whole copy at one target.</summary>
public sealed record CopyOutcome
{
    /// <summary>The images that are at the target with their tags, in the order in which they were asked for.</summary>
    public required IReadOnlyList<ImageOutcome> Images { get; init; }

    /// <summary>Why the copy stopped at this target, or null when everything is there.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether everything is there.</summary>
    public bool Succeeded => Error is null;
}

/// <summary>What became of one image at one target.</summary>
public sealed record ImageOutcome
{
    /// <summary>Where it came from.</summary>
    public required string Source { get; init; }

    /// <summary>Where it is now.</summary>
    public required CopyTarget Target { get; init; }

    /// <summary>The manifest or index that stands for it.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>What the tag pointed to before; null when there was none.</summary>
    public Digest? TagBefore { get; init; }

    /// <summary>The image that the platforms were chosen from, when not all were wanted: the digest of the copy differs from it.</summary>
    public Digest? ChosenFrom { get; init; }

    /// <summary>How many blobs were written, and their bytes.</summary>
    public int BlobsUploaded { get; init; }

    /// <summary>How many bytes of blobs were written.</summary>
    public long BytesUploaded { get; init; }

    /// <summary>How many blobs were mounted from another repository of the registry.</summary>
    public int BlobsMounted { get; init; }

    /// <summary>How many manifests were written.</summary>
    public int ManifestsWritten { get; init; }

    /// <summary>How many referrers and cosign tags belong to the image.</summary>
    public int Attachments { get; init; }

    /// <summary>The layers that stayed where they are, because they are not to be distributed.</summary>
    public IReadOnlyList<Descriptor> SkippedLayers { get; init; } = [];

    /// <summary>Whether a record of the promotion was written.</summary>
    public bool Recorded { get; init; }

    /// <summary>Whether the target fetched the image itself, and how, or why not; null where it was copied as everywhere.</summary>
    public TransferResult? Transfer { get; init; }

    /// <summary>Whether the tag was written.</summary>
    public bool TagWritten { get; init; }

    /// <summary>Whether the tag was locked, and was unlocked to be written.</summary>
    public bool TagUnlocked { get; init; }

    /// <summary>Whether something was locked: the tag, or the tag and the manifest.</summary>
    public bool Locked { get; init; }

    /// <summary>Whether everything was there before.</summary>
    public bool NothingMoved => BlobsUploaded + BlobsMounted + ManifestsWritten == 0 && !Recorded && !TagWritten && !Locked && Transfer is not { Succeeded: true };
}
