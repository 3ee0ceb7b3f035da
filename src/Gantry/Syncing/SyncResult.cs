using Gantry.Oci;

namespace Gantry.Syncing;

/// <summary>The result of a run, or what it would do.</summary>
public sealed record SyncResult
{
    /// <summary>The name of the file.</summary>
    public required string File { get; init; }

    /// <summary>True when nothing was written.</summary>
    public required bool IsDry { get; init; }

    /// <summary>What the file asks for and is ignored, and sources without a tag that passes.</summary>
    public IReadOnlyList<GantryException> Warnings { get; init; } = [];

    /// <summary>Each image at each target, in the order of the file.</summary>
    public required IReadOnlyList<SyncItem> Items { get; init; }

    /// <summary>True when everything is as the file asks for, or would be.</summary>
    public bool Succeeded => Items.All(item => item.Error is null);

    /// <summary>True when something was copied, or would be.</summary>
    public bool Changes => Items.Any(item => item.State is SyncState.Copied or SyncState.WouldCopy);
}

/// <summary>What became of an image at a target.</summary>
public enum SyncState
{
    /// <summary>It was there.</summary>
    Current,

    /// <summary>It would be copied.</summary>
    WouldCopy,

    /// <summary>It was copied.</summary>
    Copied,

    /// <summary>It could not be read or copied.</summary>
    Failed,
}

/// <summary>One image at one target.</summary>
public sealed record SyncItem
{
    /// <summary>The line of its entry in the file.</summary>
    public required long Line { get; init; }

    /// <summary>The source: a repository with its tag or digest, or the repository alone when its tags could not be listed.</summary>
    public required string Source { get; init; }

    /// <summary>The target, with its tag.</summary>
    public required string Target { get; init; }

    /// <summary>What became of it.</summary>
    public required SyncState State { get; init; }

    /// <summary>The digest; null when it is not known.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The digest that the tag pointed to before, when that is another one.</summary>
    public Digest? TagBefore { get; init; }

    /// <summary>The number of blobs that were copied, or would be.</summary>
    public int Blobs { get; init; }

    /// <summary>The size of these blobs in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The error; null when there is none.</summary>
    public Exception? Error { get; init; }
}
