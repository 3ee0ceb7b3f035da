namespace Gantry.AzurePipelines;

/// <summary>Finds files that may be orphaned.</summary>
/// <param name="Candidates">Returns the candidates for a root of the repository, as paths relative to it.</param>
/// <param name="IsGenerated">Returns true when a file with this path and content was generated; all other files belong to people.</param>
internal sealed record OrphanedFiles(Func<string, IEnumerable<string>> Candidates, Func<string, string, bool> IsGenerated)
{
    /// <summary>Considers all files of a folder with such names.</summary>
    public static OrphanedFiles In(string folder, string pattern, Func<string, string, bool> isGenerated) => new(
        root => Directory.Exists(Path.Combine(root, folder))
            ? Directory.EnumerateFiles(Path.Combine(root, folder), pattern).Select(path => $"{folder}/{Path.GetFileName(path)}")
            : [],
        isGenerated);

    /// <summary>Considers these files, when they exist.</summary>
    public static OrphanedFiles Of(IReadOnlyList<string> paths, Func<string, bool> isGenerated) =>
        new(root => paths.Where(path => File.Exists(Path.Combine(root, path))), (_, content) => isGenerated(content));

    /// <summary>Returns the generated files that are not among the expected ones, relative to the root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="files">The expected files.</param>
    /// <param name="read">Reads a file, by its path relative to the root; null when it does not exist.</param>
    public IReadOnlyList<string> Find(string root, IReadOnlyList<GeneratedFile> files, Func<string, string?> read) =>
    [
        .. Candidates(root)
            .Where(path => files.All(file => file.Path != path) && read(path) is { } content && IsGenerated(path, content))
            .Order(StringComparer.Ordinal),
    ];
}
