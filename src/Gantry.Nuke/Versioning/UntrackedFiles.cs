namespace Gantry.Nuke.Versioning;

/// <summary>Files that are in a working copy and not in its index.</summary>
internal static class UntrackedFiles
{
    private static readonly string[] s_outputFolders = ["bin", "obj"];

    private static readonly string[] s_desktopFiles = [".DS_Store", ".envrc", "Thumbs.db", "desktop.ini", "Desktop.ini"];

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

    // Folders such as .vs and .idea, output, and what editors and file managers leave. A file such as .env may be copied into an image.
    private static bool CanBeBuilt(string name)
    {
        var folders = name.TrimEnd('/').Split('/');
        var file = folders[^1];
        if (!name.EndsWith('/'))
            folders = folders[..^1];
        return !folders.Any(folder => folder.StartsWith('.') || s_outputFolders.Contains(folder))
            && !s_desktopFiles.Contains(file)
            && !file.EndsWith('~')
            && !(file.StartsWith('.') && file.EndsWith(".swp", StringComparison.Ordinal))
            && !file.EndsWith(".user", StringComparison.OrdinalIgnoreCase);
    }
}
