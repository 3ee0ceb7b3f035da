using System.Diagnostics.CodeAnalysis;
using DiffPlex.Renderer;
using Gantry.IO;

namespace Gantry.AzurePipelines;

/// <summary>Compares generated files on disk with the declaration, and updates them.</summary>
public static class GeneratedFiles
{
    /// <summary>
    /// Returns the files that are missing, stale or orphaned under a root, with their differences; empty when all are up to date. Line
    /// endings are ignored, because checkouts on Windows may change them. Writes nothing.
    /// </summary>
    /// <param name="generated">The expected files.</param>
    /// <param name="root">The root of the repository.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="GantryException">
    /// The first error of the generation; <c>GAN8060</c>, or <c>GAN8062</c> for a shared file that cannot be merged.
    /// </exception>
    public static async Task<IReadOnlyList<FileDifference>> CompareAsync(
        GenerationResult generated, string root, CancellationToken cancellationToken)
    {
        var differences = new List<FileDifference>();
        foreach (var file in generated.EnsureValid())
        {
            var path = PathOf(file, root);
            string? found;
            try
            {
                found = File.Exists(path) ? Normalize(await RegularFile.ReadAllTextAsync(path, cancellationToken)) : null;
            }
            catch (Exception exception) when (IsDiskError(exception))
            {
                throw FileErrors.UnreadableFile(file.Path, exception);
            }

            if (IsStale(file, found, out var expected))
                differences.Add(new(file.Path, found is null ? FileState.Missing : FileState.Stale, Diff(file.Path, found, expected)));
        }

        differences.AddRange(FindOrphans(generated, root).Select(path =>
            new FileDifference(path, FileState.Orphaned, Diff(path, Read(Path.Combine(root, path), path), expected: null))));
        return differences;
    }

    /// <summary>
    /// Writes the files that are missing or stale under a root, deletes orphaned ones, and returns all of them. In files that are shared
    /// with people, the content of people is kept. All files are read before the first one is written.
    /// </summary>
    /// <param name="generated">The expected files.</param>
    /// <param name="root">The root of the repository.</param>
    /// <exception cref="GantryException">The first error of the generation; <c>GAN8060</c>, <c>GAN8062</c> as above; <c>GAN8063</c> when a
    /// file cannot be written.</exception>
    public static IReadOnlyList<string> Write(GenerationResult generated, string root)
    {
        var stale = new List<GeneratedFile>();
        foreach (var file in generated.EnsureValid())
        {
            if (IsStale(file, Read(PathOf(file, root), file.Path), out var expected))
                stale.Add(file with { Content = expected });
        }

        var orphans = FindOrphans(generated, root);
        foreach (var file in stale)
            Change(file.Path, () => Write(PathOf(file, root), file.Content));
        foreach (var path in orphans)
            Change(path, () => File.Delete(Path.Combine(root, path)));
        return [.. stale.Select(file => file.Path), .. orphans];
    }

    private static IReadOnlyList<string> FindOrphans(GenerationResult generated, string root) =>
        generated.Orphans?.Find(root, generated.Files, path => Read(Path.Combine(root, path), path)) ?? [];

    /// <summary>Combines differences into one error, <c>GAN8061</c>.</summary>
    /// <param name="differences">The differences; at least one.</param>
    public static GantryException ToException(IReadOnlyList<FileDifference> differences) => FileErrors.StaleFiles(differences);

    private static bool IsStale(GeneratedFile file, string? found, [NotNull] out string? expected)
    {
        expected = Normalize(file.ContentFor(found));
        return found != expected;
    }

    private static string PathOf(GeneratedFile file, string root) =>
        Path.Combine(root, file.Path.Replace('/', Path.DirectorySeparatorChar));

    private static string? Read(string path, string name)
    {
        try
        {
            return File.Exists(path) ? Normalize(RegularFile.ReadAllText(path)) : null;
        }
        catch (Exception exception) when (IsDiskError(exception))
        {
            throw FileErrors.UnreadableFile(name, exception);
        }
    }

    private static void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private static void Change(string name, Action change)
    {
        try
        {
            change();
        }
        catch (Exception exception) when (IsDiskError(exception))
        {
            throw FileErrors.UnwritableFile(name, exception);
        }
    }

    private static bool IsDiskError(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private static string Normalize(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    // Without the final line feed, which the renderer would take for an empty line.
    private static string Diff(string path, string? found, string? expected) => Normalize(UnidiffRenderer.GenerateUnidiff(
        (found ?? "").TrimEnd('\n'),
        (expected ?? "").TrimEnd('\n'),
        found is null ? "/dev/null" : "a/" + path,
        expected is null ? "/dev/null" : "b/" + path,
        ignoreWhitespace: false));
}

/// <summary>A generated file that differs from the declaration.</summary>
/// <param name="Path">The path from the root of the repository.</param>
/// <param name="State">The description of the problem.</param>
/// <param name="Diff">The difference, as a unified diff.</param>
public sealed record FileDifference(string Path, FileState State, string Diff);

/// <summary>The kinds of differences of a generated file.</summary>
public enum FileState
{
    /// <summary>The content differs.</summary>
    Stale,

    /// <summary>The file is missing.</summary>
    Missing,

    /// <summary>The file is orphaned: it was generated for something that no longer exists.</summary>
    Orphaned,
}
