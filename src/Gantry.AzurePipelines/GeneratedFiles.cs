using DiffPlex.Renderer;

namespace Gantry.AzurePipelines;

/// <summary>Generated files on disk: whether they are what the declaration says.</summary>
public static class GeneratedFiles
{
    /// <summary>
    /// The files that are missing or stale under a root, with what would change; empty when all are up to date. How lines end does not
    /// matter: checkouts on Windows may change it.
    /// </summary>
    /// <param name="files">What the files should be.</param>
    /// <param name="root">The root of the repository.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IReadOnlyList<FileDifference>> CompareAsync(IEnumerable<GeneratedFile> files, string root, CancellationToken cancellationToken)
    {
        var differences = new List<FileDifference>();
        foreach (var file in files)
        {
            var path = Path.Combine(root, file.Path.Replace('/', Path.DirectorySeparatorChar));
            var found = File.Exists(path) ? Normalize(await ReadAsync(path, file.Path, cancellationToken)) : null;
            var expected = Normalize(file.Content);
            if (found != expected)
                differences.Add(new(file.Path, found is null, Diff(file.Path, found, expected)));
        }

        return differences;
    }

    private static async Task<string> ReadAsync(string path, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DeclarationErrors.UnreadableFile(name, exception);
        }
    }

    private static string Normalize(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    // Without the line feed at the end, which the renderer would take for an empty line.
    private static string Diff(string path, string? found, string expected) => Normalize(UnidiffRenderer.GenerateUnidiff(
        (found ?? "").TrimEnd('\n'), expected.TrimEnd('\n'), found is null ? "/dev/null" : "a/" + path, "b/" + path, ignoreWhitespace: false));
}

/// <summary>A generated file that is not what the declaration says.</summary>
/// <param name="Path">The path from the root of the repository.</param>
/// <param name="IsMissing">Whether there is no such file.</param>
/// <param name="Diff">What would change, as a unified diff.</param>
public sealed record FileDifference(string Path, bool IsMissing, string Diff)
{
    /// <summary>The difference as an error: <c>GAN8061</c>.</summary>
    public GantryException ToException() => DeclarationErrors.StaleFile(Path, IsMissing);
}
