namespace Gantry.Images.Dockerfiles;

/// <summary>One instruction after its variables are resolved: what the history says, and what goes into the file system.</summary>
/// <param name="Location">Where the instruction begins.</param>
/// <param name="History">The instruction as the history of the image shows it.</param>
internal record BuildStep(SourceLine Location, string History);

/// <summary>Copies from the build context.</summary>
internal sealed record CopyStep(SourceLine Location, string History) : BuildStep(Location, History)
{
    /// <summary>Files, directories and patterns, relative to the context.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The absolute destination, without a slash at its end.</summary>
    public required string Destination { get; init; }

    /// <summary>Whether the destination was written as a directory.</summary>
    public required bool IntoDirectory { get; init; }

    /// <summary>The owner as it was written, or null for root.</summary>
    public string? Chown { get; init; }

    /// <summary>The permission bits, or null for those of the sources.</summary>
    public int? Mode { get; init; }
}

/// <summary>Creates the working directory when the image does not have it.</summary>
internal sealed record MakeDirectoryStep(SourceLine Location, string History) : BuildStep(Location, History)
{
    /// <summary>The absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>The user that the directory belongs to, or null for root.</summary>
    public string? Owner { get; init; }
}
