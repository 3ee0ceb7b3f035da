using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Gantry.Testing;

/// <summary>The repository of these tests.</summary>
public static class RepositoryFiles
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>Gets the files that a commit of everything would include, as paths from the root.</summary>
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
