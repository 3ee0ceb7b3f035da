namespace Gantry.AzurePipelines;

/// <summary>Finds files that may be orphaned.</summary>
public sealed class OrphanedFiles
{
    private readonly Func<string, IEnumerable<string>> _candidates;
    private readonly Func<string, string, bool> _isGenerated;

    // The candidates are those of a root, as paths relative to it. What was not generated belongs to people.
    private OrphanedFiles(Func<string, IEnumerable<string>> candidates, Func<string, string, bool> isGenerated)
    {
        _candidates = candidates;
        _isGenerated = isGenerated;
    }

    /// <summary>Considers all files of a folder with such names.</summary>
    /// <param name="folder">The folder, relative to the root.</param>
    /// <param name="pattern">The names, with <c>*</c> as wildcard.</param>
    /// <param name="isGenerated">Returns true when a file with this path and content was generated.</param>
    internal static OrphanedFiles In(string folder, string pattern, Func<string, string, bool> isGenerated) => new(
        root => Directory.Exists(Path.Combine(root, folder))
            ? Directory.EnumerateFiles(Path.Combine(root, folder), pattern).Select(path => $"{folder}/{Path.GetFileName(path)}")
            : [],
        isGenerated);

    /// <summary>Considers all files of a folder and of the folders in it.</summary>
    /// <param name="folder">The folder, relative to the root, with '/' between folders.</param>
    /// <param name="isGenerated">Returns true when a file with this content was generated.</param>
    public static OrphanedFiles Below(string folder, Func<string, bool> isGenerated) => new(
        root => Directory.Exists(Path.Combine(root, folder))
            ? Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/'))
            : [],
        (_, content) => isGenerated(content));

    /// <summary>Considers these files, when they exist.</summary>
    /// <param name="paths">The paths, relative to the root.</param>
    /// <param name="isGenerated">Returns true when a file with this content was generated.</param>
    public static OrphanedFiles Of(IReadOnlyList<string> paths, Func<string, bool> isGenerated) =>
        new(root => paths.Where(path => File.Exists(Path.Combine(root, path))), (_, content) => isGenerated(content));

    /// <summary>Returns the generated files that are not among the expected ones, relative to the root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="files">The expected files.</param>
    /// <param name="read">Reads a file, by its path relative to the root; null when it does not exist.</param>
    internal IReadOnlyList<string> Find(string root, IReadOnlyList<GeneratedFile> files, Func<string, string?> read) =>
    [
        .. _candidates(root)
            .Where(path => files.All(file => file.Path != path) && read(path) is { } content && _isGenerated(path, content))
            .Order(StringComparer.Ordinal),
    ];
}
