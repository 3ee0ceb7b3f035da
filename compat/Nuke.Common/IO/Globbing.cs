using Microsoft.Extensions.FileSystemGlobbing;

namespace Nuke.Common.IO;

public static class Globbing
{
    public static IReadOnlyCollection<AbsolutePath> GlobFiles(this AbsolutePath directory, params string[] patterns)
    {
        if (!directory.DirectoryExists())
            return [];

        var matcher = new Matcher(OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        return matcher.GetResultsInFullPath(directory)
            .Order(StringComparer.Ordinal)
            .Select(x => (AbsolutePath)x)
            .ToList();
    }

    public static IReadOnlyCollection<AbsolutePath> GlobDirectories(this AbsolutePath directory, params string[] patterns)
    {
        if (!directory.DirectoryExists())
            return [];

        // The matcher knows files only: it is asked about the relative paths of the directories as if they were.
        var matcher = new Matcher(OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        var directories = Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories)
            .Select(x => Path.GetRelativePath(directory, x));
        return matcher.Match(directories).Files
            .Select(x => directory / x.Path)
            .OrderBy(x => x.ToString(), StringComparer.Ordinal)
            .ToList();
    }
}
