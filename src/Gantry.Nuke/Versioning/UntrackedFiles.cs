namespace Gantry.Nuke.Versioning;

/// <summary>Files that are in a working copy and not in its index.</summary>
internal static class UntrackedFiles
{
    private static readonly string[] s_outputFolders = ["bin", "obj"];

    private static readonly string[] s_settings = [".dockerignore", ".editorconfig", ".globalconfig"];

    /// <summary>
    /// Lists untracked files that a build can use, and untracked repositories with a slash at the end. Of the ignore rules those of the
    /// repository count. Rules of this machine (.git/info/exclude, core.excludesFile) count for what no build uses: files of editors and
    /// file managers.
    /// </summary>
    public static IReadOnlyList<RawName> List(Git git, IEnumerable<string> sources)
    {
        var untracked = git.List(["ls-files", "--others", "--exclude-per-directory=.gitignore", "-z", .. sources]);
        if (untracked.Count == 0)
            return untracked;

        var visible = git.List(["ls-files", "--others", "--exclude-standard", "-z", .. sources]).ToHashSet();
        return [.. untracked.Where(name => visible.Contains(name) || CanBeBuilt(name.Bytes))];
    }

    // MSBuild and Docker contexts of .NET projects leave these files alone, too.
    private static bool CanBeBuilt(string name)
    {
        var parts = name.TrimEnd('/').Split('/');
        return s_settings.Contains(parts[^1])
            || (!parts.Any(part => part.StartsWith('.'))
                && !parts[..^1].Any(part => s_outputFolders.Contains(part))
                && !parts[^1].EndsWith('~')
                && !parts[^1].EndsWith(".user", StringComparison.OrdinalIgnoreCase)
                && parts[^1] is not ("Thumbs.db" or "desktop.ini" or "Desktop.ini"));
    }
}
