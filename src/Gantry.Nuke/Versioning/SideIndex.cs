using Gantry.IO;

namespace Gantry.Nuke.Versioning;

/// <summary>
/// A copy of git's index, with its own folder for objects, in a temporary folder: the content of a working copy gets a tree, and nothing
/// changes in the repository.
/// </summary>
internal sealed class SideIndex(Git repository) : IDisposable
{
    private TemporaryFolder? _folder;
    private Git? _git;

    private TemporaryFolder Folder => _folder ??= TemporaryFolder.Create("gantry-tree-");

    /// <summary>Copies the index, unless that was done.</summary>
    public SideIndex Open()
    {
        _git ??= Copy();
        return this;
    }

    /// <summary>Makes git look at these files.</summary>
    public void ClearFlags(IReadOnlyCollection<RawName> names)
    {
        foreach (var flag in (string[])["--no-assume-unchanged", "--no-skip-worktree"])
            Git.List(["update-index", flag, "-z", "--stdin"], names);
    }

    /// <summary>Lists the files that differ from the commit, without untracked ones.</summary>
    public IReadOnlyList<RawName> ListChanges(IEnumerable<string> sources) => ListChanges(Git, sources);

    /// <summary>Lists the files of a repository that differ from the commit, without untracked ones.</summary>
    public static IReadOnlyList<RawName> ListChanges(Git git, IEnumerable<string> sources) =>
    [
        // Each has two letters and a space before it. Changes within a submodule are looked at there.
        .. git.List(["status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=dirty", .. sources])
            .Select(line => new RawName(line.Bytes[3..])),
    ];

    /// <summary>Adds the content of files, or removes those that do not exist.</summary>
    public void Add(IEnumerable<RawName> names) =>
        Git.List(
            ["update-index", "--add", "--remove", "--replace", "-z", "--stdin"],
            names.Select(name => new RawName(name.Bytes.TrimEnd('/'))));

    /// <summary>Writes the tree that git would commit, and returns its name.</summary>
    public string WriteTree() => Git.List(["write-tree", "--missing-ok"]).Single().Bytes.TrimEnd();

    /// <summary>Writes files as git would check them out, and returns the folder.</summary>
    public string CheckOut(IEnumerable<RawName> names)
    {
        var folder = Folder.Combine("files");
        Git.List(["checkout-index", $"--prefix={folder}/", "-z", "--stdin"], names);
        return folder;
    }

    private Git Git => _git ?? throw new InvalidOperationException("The index is not copied yet.");

    public void Dispose() => _folder?.Dispose();

    private Git Copy()
    {
        var index = PathOf(repository, "index");
        if (File.Exists(index))
            File.Copy(index, Folder.Combine("index"));
        return repository.Configured("core.sparseCheckout=false").With(
            ("GIT_INDEX_FILE", Folder.Combine("index")),
            ("GIT_OBJECT_DIRECTORY", Directory.CreateDirectory(Folder.Combine("objects")).FullName),
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", Quoted(PathOf(repository, "objects"))));
    }

    private static string PathOf(Git git, string name) =>
        git.TryRun("rev-parse", "--git-path", name) is { } path
            ? Path.GetFullPath(Path.Combine(git.Folder, path))
            : throw new GitException(git.Problem ?? "git rev-parse failed");

    // A list, in which a colon separates and quotes enclose.
    private static string Quoted(string path) => OperatingSystem.IsWindows()
        ? path
        : '"' + path.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
