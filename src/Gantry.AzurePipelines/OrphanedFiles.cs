namespace Gantry.AzurePipelines;

/// <summary>Places where files may be left of what is gone.</summary>
/// <param name="Candidates">The files that may be such, by the root of the repository: paths from there.</param>
/// <param name="IsGenerated">Whether a file of this path and content is generated; all others are somebody's own.</param>
internal sealed record OrphanedFiles(Func<string, IEnumerable<string>> Candidates, Func<string, string, bool> IsGenerated)
{
    /// <summary>Whatever lies in a folder under such names.</summary>
    public static OrphanedFiles In(string folder, string pattern, Func<string, string, bool> isGenerated) => new(
        root => Directory.Exists(Path.Combine(root, folder)) ? Directory.EnumerateFiles(Path.Combine(root, folder), pattern).Select(path => $"{folder}/{Path.GetFileName(path)}") : [],
        isGenerated);

    /// <summary>These files, where they are.</summary>
    public static OrphanedFiles Of(IReadOnlyList<string> paths, Func<string, bool> isGenerated) =>
        new(root => paths.Where(path => File.Exists(Path.Combine(root, path))), (_, content) => isGenerated(content));

    /// <summary>The files that are generated and not among those that there should be, from the root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="files">The files that there should be.</param>
    /// <param name="read">Reads a file, by its path from the root; null: it is gone.</param>
    public IReadOnlyList<string> Find(string root, IReadOnlyList<GeneratedFile> files, Func<string, string?> read) =>
    [
        .. Candidates(root)
            .Where(path => files.All(file => file.Path != path) && read(path) is { } content && IsGenerated(path, content))
            .Order(StringComparer.Ordinal),
    ];
}
