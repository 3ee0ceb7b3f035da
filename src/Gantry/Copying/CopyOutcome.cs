using Gantry.Oci;

namespace Gantry.Copying;

/// <summary>The result of a whole copy at one target.</summary>
public sealed class CopyOutcome
{
    /// <summary>The images that are at the target with their tags, in the order of the requests.</summary>
    public required IReadOnlyList<ImageOutcome> Images { get; init; }

    /// <summary>The error that stopped the copy at this target; null when it is complete.</summary>
    public Exception? Error { get; init; }

    /// <summary>True when the copy is complete.</summary>
    public bool Succeeded => Error is null;
}

/// <summary>The result of copying one image to one target.</summary>
public sealed record ImageOutcome
{
    /// <summary>The location that the image was copied from.</summary>
    public required string Source { get; init; }

    /// <summary>The location that the image was copied to.</summary>
    public required CopyTarget Target { get; init; }

    /// <summary>The manifest or index of the image.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>The digest that the tag pointed to before; null when the tag did not exist.</summary>
    public Digest? TagBefore { get; init; }

    /// <summary>The digest of the complete image, when only some of its platforms were copied: the copy has another digest.</summary>
    public Digest? ChosenFrom { get; init; }

    /// <summary>The number of blobs that were uploaded.</summary>
    public int BlobsUploaded { get; init; }

    /// <summary>The number of bytes of the uploaded blobs.</summary>
    public long BytesUploaded { get; init; }

    /// <summary>The number of blobs that were mounted from another repository of the registry.</summary>
    public int BlobsMounted { get; init; }

    /// <summary>The number of manifests that were written.</summary>
    public int ManifestsWritten { get; init; }

    /// <summary>The number of referrers and cosign tags of the image.</summary>
    public int Attachments { get; init; }

    /// <summary>The layers that were not copied because they are non-distributable.</summary>
    public IReadOnlyList<Descriptor> SkippedLayers { get; init; } = [];

    /// <summary>True when a promotion record was written.</summary>
    public bool Recorded { get; init; }

    /// <summary>The result of the server-side copy: how it was done, or why it was not; null when none was tried.</summary>
    public TransferResult? Transfer { get; init; }

    /// <summary>True when the tag was written.</summary>
    public bool TagWritten { get; init; }

    /// <summary>True when the tag was locked and had to be unlocked before it was written.</summary>
    public bool TagUnlocked { get; init; }

    /// <summary>True when something was locked: the tag, or the tag and the manifest.</summary>
    public bool Locked { get; init; }

    /// <summary>True when everything was already at the target.</summary>
    public bool NothingMoved =>
        BlobsUploaded + BlobsMounted + ManifestsWritten == 0 && !Recorded && !TagWritten && !Locked && Transfer is not { Succeeded: true };
}
