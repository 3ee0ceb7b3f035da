using Gantry.Oci;

namespace Gantry.Differences;

/// <summary>What differs between two releases. A part that could not be read is in <see cref="Unknown"/>, and empty.</summary>
public sealed record ReleaseDifference
{
    /// <summary>The version that it is compared from.</summary>
    public required string From { get; init; }

    /// <summary>The version that it is compared to.</summary>
    public required string To { get; init; }

    /// <summary>The environment that has the first one; null for a release that was named by itself.</summary>
    public string? FromPlace { get; init; }

    /// <summary>The environment that has the second one; null for a release that was named by itself.</summary>
    public string? ToPlace { get; init; }

    /// <summary>The commits that are in one of them only, the latest first.</summary>
    public IReadOnlyList<ChangedCommit> Commits { get; init; } = [];

    /// <summary>The differences of each image, in the order of the declaration.</summary>
    public IReadOnlyList<ImageDifferences> Images { get; init; } = [];

    /// <summary>What could not be compared, each with the reason as one sentence.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}

/// <summary>A commit that is in one of two releases.</summary>
/// <param name="Hash">The full hash.</param>
/// <param name="Subject">The first line of its message.</param>
/// <param name="Author">The name of its author.</param>
/// <param name="Time">The time at which it was committed.</param>
/// <param name="Link">The address of the commit in the repository's web pages; null when it is not known.</param>
/// <param name="IsRemoved">True when it is in the release that is compared from, and not in the other one: going back loses it.</param>
public sealed record ChangedCommit(string Hash, string Subject, string Author, DateTimeOffset Time, string? Link, bool IsRemoved);

/// <summary>What differs between two releases of one image.</summary>
public sealed record ImageDifferences
{
    /// <summary>The name of the image.</summary>
    public required string Image { get; init; }

    /// <summary>The digest that it is compared from; null when the image is new.</summary>
    public required Digest? From { get; init; }

    /// <summary>The digest that it is compared to; null when the image is gone.</summary>
    public required Digest? To { get; init; }

    /// <summary>True when both releases have the same image.</summary>
    public bool IsSame => From == To;

    /// <summary>The packages, as the SBOMs list them, sorted by name.</summary>
    public IReadOnlyList<ChangedPackage> Packages { get; init; } = [];

    /// <summary>The base image; null when it is the same, or not known.</summary>
    public ChangedBaseImage? BaseImage { get; init; }

    /// <summary>The layers that are in one of them only, in their order.</summary>
    public IReadOnlyList<ChangedLayer> Layers { get; init; } = [];

    /// <summary>The files of these layers that differ, sorted by path; empty unless they were asked for.</summary>
    public IReadOnlyList<ChangedFile> Files { get; init; } = [];

    /// <summary>The settings of the image that differ: its entry point, environment variables, ports, labels.</summary>
    public IReadOnlyList<ChangedSetting> Settings { get; init; } = [];

    /// <summary>The size of all layers before, in bytes.</summary>
    public long SizeBefore { get; init; }

    /// <summary>The size of all layers after, in bytes.</summary>
    public long SizeAfter { get; init; }
}

/// <summary>A package that was added (no version before), removed (no version after) or changed.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type in its package URL: <c>nuget</c>, <c>deb</c>.</param>
/// <param name="Before">The version before; null when it was added.</param>
/// <param name="After">The version after; null when it was removed.</param>
public sealed record ChangedPackage(string Name, string Type, string? Before, string? After);

/// <summary>A base image that was exchanged.</summary>
/// <param name="Before">The reference before, with its digest.</param>
/// <param name="After">The reference after, with its digest.</param>
/// <param name="NewerBy">The time by which it was created later; null when that is not known.</param>
public sealed record ChangedBaseImage(string? Before, string? After, TimeSpan? NewerBy);

/// <summary>A layer that is in one of two images.</summary>
/// <param name="Digest">The digest of the layer.</param>
/// <param name="Size">Its size, in bytes.</param>
/// <param name="IsRemoved">True when it is in the image that is compared from.</param>
/// <param name="Platform">The platform of the image; null for an image without an index.</param>
public sealed record ChangedLayer(Digest Digest, long Size, bool IsRemoved, string? Platform);

/// <summary>A file that differs.</summary>
/// <param name="Path">The path in the image.</param>
/// <param name="SizeBefore">The size before, in bytes; null when it was added.</param>
/// <param name="SizeAfter">The size after, in bytes; null when it was removed.</param>
/// <param name="Platform">The platform of the image; null for an image without an index.</param>
public sealed record ChangedFile(string Path, long? SizeBefore, long? SizeAfter, string? Platform);

/// <summary>A setting that differs.</summary>
/// <param name="Name">The name: <c>Env PATH</c>, <c>Entrypoint</c>.</param>
/// <param name="Before">The value before; null when it was not set.</param>
/// <param name="After">The value after; null when it is not set.</param>
public sealed record ChangedSetting(string Name, string? Before, string? After);
