namespace Gantry.AzurePipelines;

/// <summary>What a generation gave.</summary>
/// <param name="Files">The files; none when there is an error.</param>
/// <param name="Diagnostics">What is wrong or should be known.</param>
public sealed record GenerationResult(IReadOnlyList<GeneratedFile> Files, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The findings that keep files from being generated.</summary>
    public IReadOnlyList<Diagnostic> Errors => [.. Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    /// <summary>Where files may lie that were generated for something that is gone; null: nowhere.</summary>
    internal OrphanedFiles? Orphans { get; init; }

    /// <summary>The files, or one <see cref="GantryException"/> that names the first error.</summary>
    public IReadOnlyList<GeneratedFile> EnsureValid() => Errors.Count == 0 ? Files : throw FileErrors.Invalid(Errors);
}

/// <summary>A file to write.</summary>
/// <param name="Path">The path from the root of the repository, with '/' between folders.</param>
/// <param name="Content">The content where there is no such file yet; lines end with a line feed.</param>
public sealed record GeneratedFile(string Path, string Content)
{
    /// <summary>Keeps what people write into the file as well; null: all of it is the generator's.</summary>
    internal SharedContent? Shared { get; init; }

    /// <summary>What the file has to be, given what it is now (null: there is none); <c>GAN8062</c>.</summary>
    public string ContentFor(string? found) => found is null || Shared is null ? Content : Shared.Merge(Path, found, Content);
}

/// <summary>A file that people write into as well.</summary>
internal abstract record SharedContent
{
    /// <summary>Puts the generated entries into the file that was found, and leaves the others; <c>GAN8062</c>.</summary>
    public abstract string Merge(string path, string found, string generated);
}
