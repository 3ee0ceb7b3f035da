using Gantry.Nuke.Versioning;
using Gantry.Releases;

namespace Gantry.Nuke.Rebuilding;

/// <summary>
/// Checks a commit out into a new folder, with its submodules and the content of Git LFS, from what this machine has: nothing is fetched.
/// </summary>
/// <param name="release">The release whose commit it is.</param>
internal sealed class CommitCheckout(Release release)
{
    private const string GitLink = "160000 commit ";

    /// <summary>
    /// Checks the commit of the release out. Throws <c>GAN7081</c> when the repository does not have it, and <c>GAN7088</c> when a part of
    /// it is missing here.
    /// </summary>
    /// <param name="repository">A folder of the repository.</param>
    /// <param name="folder">The new folder.</param>
    /// <param name="origin">The address of the remote that the clone gets, which is an input of the build; null for none.</param>
    public void CheckOut(string repository, string folder, string? origin)
    {
        var git = new Git(repository);
        if (git.TryRun("rev-parse", "--show-toplevel") is not { } top)
            throw RebuildingErrors.UnknownCommit(release, repository, git.Problem ?? "it is not in a git repository");
        if (git.TryRun("cat-file", "-e", $"{release.Commit}^{{commit}}") is null)
            throw RebuildingErrors.UnknownCommit(release, top, "the repository does not have it");
        CheckOut(top, release.Commit, folder, origin);

        var revision = SourceRevision.Read(folder);
        if (revision.MissingSources.Count > 0)
            throw RebuildingErrors.MissingSources(release, revision.DescribeMissing());
        if (revision.Commit != release.Commit || revision.UncommittedTree is not null || revision.UncommittedProblem is not null)
            throw RebuildingErrors.MissingSources(
                release,
                revision.Problem ?? revision.UncommittedProblem ?? $"what is checked out differs in {revision.DescribeUncommitted()}");
    }

    private void CheckOut(string top, string commit, string folder, string? origin)
    {
        var source = new Git(top);
        if (source.TryRun("clone", "--quiet", "--no-hardlinks", "--no-checkout", top, folder) is null)
            throw RebuildingErrors.UnknownCommit(release, top, source.Problem ?? "git clone failed");

        // The bytes of the commit, whatever git converts on this machine, and the large files that were fetched here.
        var git = new Git(folder).Configured("advice.detachedHead=false");
        Run(git, "config", "core.autocrlf", "false");
        if (source.TryRun("rev-parse", "--path-format=absolute", "--git-common-dir") is { } common)
            Run(git, "config", "lfs.storage", Path.Combine(common, "lfs"));
        Run(git, "checkout", "--quiet", "--detach", commit);
        if (origin is null)
            Run(git, "remote", "remove", "origin");
        else
            Run(git, "remote", "set-url", "origin", origin);

        foreach (var (path, submodule) in SubmodulesOf(git, commit))
            CheckOutSubmodule(top, folder, path, submodule);
    }

    // A submodule is a repository of its own, and its remote is an input of the build as well.
    private void CheckOutSubmodule(string top, string folder, string path, string commit)
    {
        if (Submodules.IsNeverCheckedOut(new Git(folder), path))
            return;
        var source = new Git(Path.Combine(top, path));
        if (!Path.Exists(Path.Combine(source.Folder, ".git")) || source.TryRun("cat-file", "-e", $"{commit}^{{commit}}") is null)
            throw RebuildingErrors.MissingSources(release, $"{path} (a submodule) at {commit}");
        CheckOut(source.Folder, commit, Path.Combine(folder, path), source.TryRun("remote", "get-url", "origin"));
    }

    private static IEnumerable<(string Path, string Commit)> SubmodulesOf(Git git, string commit) =>
        (git.TryRun("ls-tree", "-r", "-z", "--full-tree", commit) ?? "")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith(GitLink, StringComparison.Ordinal))
            .Select(line => line[GitLink.Length..].Split('\t', 2))
            .Select(parts => (parts[1], parts[0]));

    private void Run(Git git, params string[] arguments)
    {
        if (git.TryRun(arguments) is null)
            throw RebuildingErrors.MissingSources(release, git.Problem ?? $"git {arguments[0]} failed");
    }
}
