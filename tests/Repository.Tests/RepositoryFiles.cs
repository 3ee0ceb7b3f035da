using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Repository.Tests;

/// <summary>The repository that these tests were compiled from.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>The files that a commit of everything would hold, as paths from the root.</summary>
    public static IReadOnlyList<string> All()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return files.Where(file => File.Exists(Path.Combine(Root, file))).ToList();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
