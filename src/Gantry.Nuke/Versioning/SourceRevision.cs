using System.Globalization;

namespace Gantry.Nuke.Versioning;

/// <summary>The state of the sources in a folder, as git reports it.</summary>
public sealed record SourceRevision
{
    /// <summary>The commit that is checked out (40 hexadecimal characters), or null without git.</summary>
    public string? Commit { get; init; }

    /// <summary>The branch that is checked out, or null (detached head, no git).</summary>
    public string? Branch { get; init; }

    /// <summary>The time of the commit, or null without git.</summary>
    public DateTimeOffset? CommitTime { get; init; }

    /// <summary>True when history is missing, so that the version cannot be calculated.</summary>
    public bool IsShallow { get; init; }

    /// <summary>The first characters of the git tree of the working copy when it differs from the commit; else null.</summary>
    public string? UncommittedTree { get; init; }

    /// <summary>The https URL of the remote for a browser, without credentials; null for a local path.</summary>
    public string? Source { get; init; }

    /// <summary>The reason why git could not be run, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>
    /// The reason why <see cref="UncommittedTree"/> could not be determined for a working copy that differs from the commit (an unreadable
    /// file, a nested repository without commits), or null.
    /// </summary>
    internal string? UncommittedProblem { get; init; }

    /// <summary>The files that differ from the commit, as git names them.</summary>
    internal IReadOnlyList<string> UncommittedFiles { get; init; } = [];

    /// <summary>Lists the first files that differ from the commit, and the number of the others when they are several.</summary>
    internal string DescribeUncommitted()
    {
        const int named = 3;
        return UncommittedFiles.Count > named + 1
            ? $"{string.Join(", ", UncommittedFiles.Take(named))} and {UncommittedFiles.Count - named} more"
            : string.Join(", ", UncommittedFiles);
    }

    /// <summary>Reads the state of a folder. Never throws: errors are in <see cref="Problem"/>.</summary>
    public static SourceRevision Read(string folder) => Read(folder, []);

    /// <summary>Reads the state of a folder, ignoring files that are derived from others.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="derived">Paths below the folder: a changed or new file there is not a change of the sources.</param>
    internal static SourceRevision Read(string folder, IEnumerable<string> derived)
    {
        var git = new Git(folder);
        if (git.TryRun("rev-parse", "--show-toplevel") is not { } top)
            return new SourceRevision { Problem = git.Problem ?? "it is not in a git repository" };
        if (git.TryRun("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is not { } commit)
            return new SourceRevision { Problem = "the git repository has no commit yet" };

        var prefix = git.TryRun("rev-parse", "--show-prefix");
        string[] paths = [.. derived.Select(path => prefix + path.Replace('\\', '/'))];
        // Git fails to add when an ignored path is named, even when it is named as an exclusion.
        var ignored = new Git(top).TryRun(["-c", "core.quotePath=false", "check-ignore", "--", .. paths])?.Split('\n') ?? [];
        string[] sources = ["--", ".", .. paths.Except(ignored).Select(path => $":(top,exclude,literal){path}")];
        var changes = new Git(top).TryRun(["status", "--porcelain", "--untracked-files=all", .. sources]) ?? "";
        var (tree, problem) = changes.Length > 0 ? UncommittedTreeOf(new Git(top), sources) : (null, null);
        return new SourceRevision
        {
            Commit = commit,
            Branch = git.TryRun("symbolic-ref", "--quiet", "--short", "HEAD"),
            CommitTime = DateTimeOffset.FromUnixTimeSeconds(
                long.Parse(git.TryRun("log", "-1", "--format=%ct")!, CultureInfo.InvariantCulture)),
            IsShallow = git.TryRun("rev-parse", "--is-shallow-repository") == "true",
            UncommittedTree = tree,
            UncommittedProblem = problem,
            // Each line has two letters and a space before the file name.
            UncommittedFiles = [.. changes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[3..])],
            Source = git.TryRun("remote", "get-url", "origin") is { } remote ? RemoteUrl.Browsable(remote) : null,
        };
    }

    // A different working copy is a different release, so it needs its own name: the tree that git would commit. It is computed with a
    // separate index and object folder, so that nothing changes in the repository.
    private static (string? Tree, string? Problem) UncommittedTreeOf(Git git, string[] sources)
    {
        DirectoryInfo? aside = null;
        try
        {
            aside = Directory.CreateTempSubdirectory("gantry-tree-");
            var objects = Path.GetFullPath(Path.Combine(git.Folder, git.TryRun("rev-parse", "--git-path", "objects")!));
            var index = Path.GetFullPath(Path.Combine(git.Folder, git.TryRun("rev-parse", "--git-path", "index")!));
            var indexAside = Path.Combine(aside.FullName, "index");
            if (File.Exists(index))
                File.Copy(index, indexAside);
            var sideways = git.With(
                ("GIT_INDEX_FILE", indexAside),
                ("GIT_OBJECT_DIRECTORY", aside.CreateSubdirectory("objects").FullName),
                ("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects));

            // A file that could not be added is not in the tree, so the tree would not identify this working copy.
            return sideways.TryRun(["add", "--all", .. sources]) is not null && sideways.TryRun("write-tree") is { } tree
                ? (tree[..8], null)
                : (null, sideways.Problem ?? "git add failed");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, exception.Message);
        }
        finally
        {
            Delete(aside);
        }
    }

    private static void Delete(DirectoryInfo? folder)
    {
        try
        {
            // Git makes its objects read-only, and Windows does not delete read-only files.
            foreach (var file in folder?.EnumerateFiles("*", SearchOption.AllDirectories) ?? [])
                file.Attributes = FileAttributes.Normal;
            folder?.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A virus scanner may hold a file; the operating system cleans its temporary folder.
        }
    }
}
