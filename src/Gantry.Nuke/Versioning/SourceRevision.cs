using System.Globalization;

namespace Gantry.Nuke.Versioning;

/// <summary>What git says of the sources in a folder.</summary>
public sealed record SourceRevision
{
    /// <summary>The commit that is checked out (40 hexadecimal characters), or null without git.</summary>
    public string? Commit { get; init; }

    /// <summary>The branch that is checked out, or null (detached head, no git).</summary>
    public string? Branch { get; init; }

    /// <summary>When the commit was made, or null without git.</summary>
    public DateTimeOffset? CommitTime { get; init; }

    /// <summary>Whether history is missing, so that no version can be counted from it.</summary>
    public bool IsShallow { get; init; }

    /// <summary>The first characters of the git tree that the working copy would be, when it differs from the commit; else null.</summary>
    public string? UncommittedTree { get; init; }

    /// <summary>Where the sources can be browsed: the remote as an https URL without credentials, or null (a local path is none).</summary>
    public string? Source { get; init; }

    /// <summary>Why git could not be asked, or null when it could.</summary>
    public string? Problem { get; init; }

    /// <summary>
    /// Why <see cref="UncommittedTree"/> could not be told of a working copy that differs from the commit (an unreadable file, a nested
    /// repository without commits), or null.
    /// </summary>
    internal string? UncommittedProblem { get; init; }

    /// <summary>The files that differ from the commit, as git names them.</summary>
    internal IReadOnlyList<string> UncommittedFiles { get; init; } = [];

    /// <summary>Names the first of the files that differ from the commit, and how many there are beside them.</summary>
    internal string DescribeUncommitted()
    {
        const int named = 3;
        var names = string.Join(", ", UncommittedFiles.Take(named));
        return UncommittedFiles.Count > named ? $"{names} and {UncommittedFiles.Count - named} more" : names;
    }

    /// <summary>Asks git about a folder. Never fails: what went wrong is in <see cref="Problem"/>.</summary>
    public static SourceRevision Read(string folder) => Read(folder, []);

    /// <summary>Asks git about a folder, and leaves files aside that follow from the others.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="derived">Paths below the folder: a change there, or a file that is new, is no change of the sources.</param>
    internal static SourceRevision Read(string folder, IEnumerable<string> derived)
    {
        var git = new Git(folder);
        if (git.TryRun("rev-parse", "--show-toplevel") is not { } top)
            return new SourceRevision { Problem = git.Problem ?? "it is not in a git repository" };
        if (git.TryRun("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is not { } commit)
            return new SourceRevision { Problem = "the git repository has no commit yet" };

        var prefix = git.TryRun("rev-parse", "--show-prefix");
        string[] paths = [.. derived.Select(path => prefix + path.Replace('\\', '/'))];
        // Git does not add beside a path that is named and ignored, not even where it is named to be left out.
        var ignored = new Git(top).TryRun(["-c", "core.quotePath=false", "check-ignore", "--", .. paths])?.Split('\n') ?? [];
        string[] sources = ["--", ".", .. paths.Except(ignored).Select(path => $":(top,exclude,literal){path}")];
        var changes = new Git(top).TryRun(["status", "--porcelain", "--untracked-files=all", .. sources]) ?? "";
        var (tree, problem) = changes.Length > 0 ? UncommittedTreeOf(new Git(top), sources) : (null, null);
        return new SourceRevision
        {
            Commit = commit,
            Branch = git.TryRun("symbolic-ref", "--quiet", "--short", "HEAD"),
            CommitTime = DateTimeOffset.FromUnixTimeSeconds(long.Parse(git.TryRun("log", "-1", "--format=%ct")!, CultureInfo.InvariantCulture)),
            IsShallow = git.TryRun("rev-parse", "--is-shallow-repository") == "true",
            UncommittedTree = tree,
            UncommittedProblem = problem,
            // Each line has two letters and a space before the name.
            UncommittedFiles = [.. changes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[3..])],
            Source = git.TryRun("remote", "get-url", "origin") is { } remote ? RemoteUrl.Browsable(remote) : null,
        };
    }

    // A different working copy is a different release, so it needs a name of its own: the tree that git would commit. It is computed
    // with an index and an object folder aside, so that nothing changes in the repository.
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

            // What could not be added is not in the tree, which would then name another working copy as well.
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
            // Git makes its objects read-only, and Windows deletes no such file.
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
