using System.Security.Cryptography;
using System.Text;
using Gantry.IO;

namespace Gantry.Nuke.Publishing;

/// <summary>A digest of listed sources: paths and contents, and those of the files that MSBuild and NuGet look for above them.</summary>
internal static class SourceDigest
{
    private static readonly string[] SharedFiles =
        ["Directory.*.props", "Directory.*.targets", "Directory.*.rsp", "global.json", "nuget.config", "NuGet.Config", "NuGet.config"];

    /// <summary>Computes the digest. Returns null when a file cannot be read, or when there are too many.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="generated">Folders that the build writes, which are no sources.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<string?> ComputeAsync(
        ListedSources sources, IReadOnlyList<string> generated, CancellationToken cancellationToken)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            var files = Find(sources, generated);
            if (files.Count > Limits.PublishedSources)
                return null;
            foreach (var file in files)
            {
                await using var content = RegularFile.OpenRead(file);
                all.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(file)));
                all.AppendData(await SHA256.HashDataAsync(content, cancellationToken));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return "sha256:" + Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static SortedSet<string> Find(ListedSources sources, IReadOnlyList<string> generated)
    {
        var ignored = sources.Folders
            .SelectMany(folder => new[] { Path.Combine(folder, "bin"), Path.Combine(folder, "obj") })
            .Concat(generated)
            .ToHashSet(StringComparer.Ordinal);
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in sources.Files.Where(File.Exists).Where(file => IsKept(file) || !IsIgnored(file, ignored)))
            files.Add(file);
        foreach (var folder in sources.Folders.SelectMany(AndAbove).Distinct(StringComparer.Ordinal))
            files.UnionWith(SharedFiles.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)));

        var pending = new Stack<string>(sources.Folders.Where(Directory.Exists));
        while (pending.TryPop(out var folder) && files.Count <= Limits.PublishedSources)
        {
            files.UnionWith(Directory.EnumerateFiles(folder).Where(File.Exists));
            foreach (var child in Directory.EnumerateDirectories(folder).Where(child => !ignored.Contains(child)))
                pending.Push(child);
        }

        return files;
    }

    // The packages that were restored.
    private static bool IsKept(string file) => Path.GetFileName(file) == "project.assets.json";

    private static bool IsIgnored(string file, HashSet<string> ignored) =>
        AndAbove(Path.GetDirectoryName(file)!).Any(ignored.Contains);

    private static IEnumerable<string> AndAbove(string folder)
    {
        for (string? current = folder; current is not null; current = Path.GetDirectoryName(current))
            yield return current;
    }
}
