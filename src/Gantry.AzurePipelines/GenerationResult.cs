namespace Gantry.AzurePipelines;

/// <summary>The result of a generation.</summary>
/// <param name="Files">The files; empty when there is an error.</param>
/// <param name="Diagnostics">The errors and warnings.</param>
public sealed record GenerationResult(IReadOnlyList<GeneratedFile> Files, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The findings that prevent files from being generated.</summary>
    public IReadOnlyList<Diagnostic> Errors => [.. Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    /// <summary>The locations of files that may be orphaned; null for none.</summary>
    public OrphanedFiles? Orphans { get; init; }

    /// <summary>Returns the files, or throws a <see cref="GantryException"/> with the first error.</summary>
    public IReadOnlyList<GeneratedFile> EnsureValid() => Errors.Count == 0 ? Files : throw FileErrors.Invalid(Errors);
}

/// <summary>A file to write.</summary>
/// <param name="Path">The path from the root of the repository, with '/' between folders.</param>
/// <param name="Content">The content of a new file; lines end with a line feed.</param>
public sealed record GeneratedFile(string Path, string Content)
{
    /// <summary>Keeps what people write into the file as well; null: all of it is the generator's.</summary>
    internal SharedContent? Shared { get; init; }

    /// <summary>Returns the new content for the current one (null for a missing file), or throws <c>GAN8062</c>.</summary>
    public string ContentFor(string? found) => found is null || Shared is null ? Content : Shared.Merge(Path, found, Content);
}

/// <summary>A file that people write into as well.</summary>
internal abstract record SharedContent
{
    /// <summary>Puts the generated entries into the file that was found, and leaves the others; <c>GAN8062</c>.</summary>
    public abstract string Merge(string path, string found, string generated);
}
