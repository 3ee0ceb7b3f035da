namespace Gantry.Images.Dockerfiles;

/// <summary>One instruction with resolved variables: its text in the history, and its changes to the file system.</summary>
/// <param name="Location">The position of the instruction.</param>
/// <param name="History">The text of the instruction in the history of the image.</param>
internal record BuildStep(SourceLine Location, string History);

/// <summary>Copies from the build context.</summary>
internal sealed record CopyStep(SourceLine Location, string History) : BuildStep(Location, History)
{
    /// <summary>Files, directories and patterns, relative to the context.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The absolute destination, without a slash at its end.</summary>
    public required string Destination { get; init; }

    /// <summary>True when the destination was written as a directory.</summary>
    public required bool IntoDirectory { get; init; }

    /// <summary>The owner as it was written; null for root.</summary>
    public string? Chown { get; init; }

    /// <summary>The permission bits; null keeps those of the sources.</summary>
    public int? Mode { get; init; }
}

/// <summary>Creates the working directory when the image does not have it.</summary>
internal sealed record MakeDirectoryStep(SourceLine Location, string History) : BuildStep(Location, History)
{
    /// <summary>The absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>The user that owns the directory; null for root.</summary>
    public string? Owner { get; init; }
}
