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

    /// <summary>Asks git about a folder. Never fails: what went wrong stands in <see cref="Problem"/>.</summary>
    public static SourceRevision Read(string folder)
    {
        var git = new Git(folder);
        if (git.Ask("rev-parse", "--show-toplevel") is not { } top)
            return new SourceRevision { Problem = git.Problem ?? "it is not in a git repository" };
        if (git.Ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}") is not { } commit)
            return new SourceRevision { Problem = "the git repository has no commit yet" };

        return new SourceRevision
        {
            Commit = commit,
            Branch = git.Ask("symbolic-ref", "--quiet", "--short", "HEAD"),
            CommitTime = DateTimeOffset.FromUnixTimeSeconds(long.Parse(git.Ask("log", "-1", "--format=%ct")!, CultureInfo.InvariantCulture)),
            IsShallow = git.Ask("rev-parse", "--is-shallow-repository") == "true",
            UncommittedTree = UncommittedTreeOf(new Git(top)),
            Source = git.Ask("remote", "get-url", "origin") is { } remote ? RemoteUrl.Browsable(remote) : null,
        };
    }

    // A different working copy is a different release, so it needs a name of its own: the tree that git would commit. It is computed
    // with an index and an object folder aside, so that nothing changes in the repository.
    private static string? UncommittedTreeOf(Git git)
    {
        if (git.Ask("status", "--porcelain", "--untracked-files=normal") is not { Length: > 0 })
            return null;

        var aside = Directory.CreateTempSubdirectory("gantry-tree-");
        try
        {
            var objects = Path.GetFullPath(Path.Combine(git.Folder, git.Ask("rev-parse", "--git-path", "objects")!));
            var index = Path.GetFullPath(Path.Combine(git.Folder, git.Ask("rev-parse", "--git-path", "index")!));
            var indexAside = Path.Combine(aside.FullName, "index");
            if (File.Exists(index))
                File.Copy(index, indexAside);
            var sideways = git.With(
                ("GIT_INDEX_FILE", indexAside),
                ("GIT_OBJECT_DIRECTORY", aside.CreateSubdirectory("objects").FullName),
                ("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects));
            _ = sideways.Ask("add", "--all");
            return sideways.Ask("write-tree")?[..8] ?? "unknown";
        }
        finally
        {
            aside.Delete(recursive: true);
        }
    }
}
