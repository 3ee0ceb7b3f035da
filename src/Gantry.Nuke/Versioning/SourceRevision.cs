using System.Globalization;
using Gantry.Differences;

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

    /// <summary>
    /// The first characters of the hash of the working copy when it differs from the commit; else null. A different working copy is a
    /// different release, so it needs its own name: the git tree of its files or, when submodules or other repositories in it differ too,
    /// the hash of all of them.
    /// </summary>
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

    /// <summary>Parts of the commit that are not checked out: submodules, files of a sparse checkout, content in Git LFS.</summary>
    internal IReadOnlyList<string> MissingSources { get; init; } = [];

    /// <summary>Lists the first files that differ from the commit, and the number of the others when they are several.</summary>
    internal string DescribeUncommitted() => FirstOf(UncommittedFiles);

    /// <summary>Lists the first parts that are not checked out, and the number of the others.</summary>
    internal string DescribeMissing() => FirstOf(MissingSources);

    private static string FirstOf(IReadOnlyList<string> all)
    {
        const int named = 3;
        return DisplayText.Neutralize(all.Count > named + 1
            ? $"{string.Join(", ", all.Take(named))} and {all.Count - named} more"
            : string.Join(", ", all));
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
        var copy = WorkingCopy.Read(top, derived.Select(path => prefix + path.Replace('\\', '/')));
        return new SourceRevision
        {
            Commit = commit,
            Branch = git.TryRun("symbolic-ref", "--quiet", "--short", "HEAD"),
            CommitTime = DateTimeOffset.FromUnixTimeSeconds(
                long.Parse(git.TryRun("log", "-1", "--format=%ct")!, CultureInfo.InvariantCulture)),
            IsShallow = git.TryRun("rev-parse", "--is-shallow-repository") == "true",
            UncommittedTree = copy.Difference?[..8],
            UncommittedProblem = copy.Problem,
            UncommittedFiles = copy.Differences,
            MissingSources = copy.Missing,
            Source = git.TryRun("remote", "get-url", "origin") is { } remote ? RemoteRepository.Parse(remote)?.Url : null,
        };
    }
}
