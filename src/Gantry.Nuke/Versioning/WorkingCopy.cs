using System.Security.Cryptography;
using System.Text;

namespace Gantry.Nuke.Versioning;

/// <summary>
/// The content of a working copy in comparison with its commit. The files count, and not what git is told about them: flags in the index,
/// settings of submodules, monitors of the file system, ignore rules of this machine.
/// </summary>
internal sealed class WorkingCopy
{
    private readonly Git _git;
    private readonly string[] _sources;
    private readonly List<string> _differences = [];
    private readonly List<string> _missing = [];

    // What the tree does not contain: changes in other repositories, and what filters remove.
    private readonly List<string> _beyondTree = [];

    private WorkingCopy(Git git, string[] sources)
    {
        _git = git;
        _sources = sources;
    }

    /// <summary>The hash of the content when it differs from the commit; else null.</summary>
    public string? Difference { get; private set; }

    /// <summary>The reason why the content could not be determined, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The files that differ from the commit.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>The parts of the commit that are not checked out. Without them, the content was not determined.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Compares a working copy. Never throws: errors are in <see cref="Problem"/>.</summary>
    /// <param name="top">The folder of the working copy.</param>
    /// <param name="derived">Paths of files that are derived from others; differences there do not count.</param>
    public static WorkingCopy Read(string top, IEnumerable<string> derived)
    {
        var git = GitSettings.Apply(new Git(top));
        var copy = new WorkingCopy(git, ["--", ".", .. derived.Select(path => $":(top,exclude,literal){path}")]);
        try
        {
            copy.Compare();
        }
        catch (Exception exception) when (exception is GitException or GantryException or IOException or UnauthorizedAccessException)
        {
            copy.Problem = exception.Message;
        }

        return copy;
    }

    private void Compare()
    {
        var entries = IndexEntry.List(_git, _sources);
        var flagged = entries.Where(entry => entry.IsFlagged).Select(entry => entry.Name).ToList();
        var converted = new ConvertedFiles(_git, _sources);
        _missing.AddRange(flagged.Select(name => name.ToString()).Where(name => !Path.Exists(FullPath(name))));
        _missing.AddRange(converted.ListPointers().Select(name => $"{name} (in Git LFS)"));

        var untracked = UntrackedFiles.List(_git, _sources);
        foreach (var submodule in entries.Where(entry => entry.IsSubmodule))
            CompareSubmodule(submodule.Name.ToString());
        foreach (var nested in untracked.Where(name => name.Bytes.EndsWith('/')))
            CompareNested(nested.ToString().TrimEnd('/'), isNew: true);
        if (_missing.Count == 0)
            CompareFiles(flagged, untracked, converted.ListFiltered());
    }

    private void CompareSubmodule(string path)
    {
        if (Path.Exists(Path.Combine(FullPath(path), ".git")))
            CompareNested(path, isNew: false);
        else if (!Submodules.IsNeverCheckedOut(_git, path))
            _missing.Add($"{path} (a submodule)");
    }

    // Git adds the commit of another repository, whatever its working copy contains.
    private void CompareNested(string path, bool isNew)
    {
        var git = new Git(FullPath(path));
        if (git.TryRun("rev-parse", "--show-prefix") is not "")
            throw new GitException($"git cannot read the repository {path}");
        var commit = git.TryRun("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
            ?? throw new GitException($"the repository {path} has no commit");

        var nested = Read(FullPath(path), []);
        if (nested.Problem is { } problem)
            throw new GitException($"{path}: {problem}");
        _missing.AddRange(nested.Missing.Select(name => $"{path}/{name}"));
        _differences.AddRange(nested.Differences.Select(name => $"{path}/{name}"));
        if (isNew || nested.Difference is not null)
            _beyondTree.Add($"{path} {commit} {nested.Difference}");
    }

    private void CompareFiles(List<RawName> flagged, IReadOnlyList<RawName> untracked, IReadOnlyList<RawName> filtered)
    {
        // Of an index with flags only a copy without them shows the changes. Otherwise git updates its own index while it looks.
        using var side = new SideIndex(_git);
        if (flagged.Count > 0)
            side.Open().ClearFlags(flagged);
        var changed = flagged.Count > 0 ? side.ListChanges(_sources) : SideIndex.ListChanges(_git, _sources);
        var names = changed.Concat(untracked).Distinct().ToList();
        if (names.Count > 0 || filtered.Count > 0)
            side.Open().Add(names);
        if (filtered.Count > 0)
            CompareFiltered(side.CheckOut(filtered), filtered.Select(name => name.ToString()));

        _differences.InsertRange(0, names.Select(name => name.ToString()));
        if (names.Count > 0 || _beyondTree.Count > 0)
            Difference = FindDifference(side.Open().WriteTree());
    }

    // What a filter makes of the commit for the working copy is there, or something else.
    private void CompareFiltered(string checkedOut, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var hash = ConvertedFiles.HashOf(FullPath(name));
            if (hash is null || hash == ConvertedFiles.HashOf(Path.Combine(checkedOut, name)))
                continue;
            _differences.Add(name);
            _beyondTree.Add($"{name} {hash}");
        }
    }

    private string? FindDifference(string tree)
    {
        if (_beyondTree.Count > 0)
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tree}\n{string.Join('\n', _beyondTree)}")));
        if (tree != _git.TryRun("rev-parse", "HEAD^{tree}"))
            return tree;

        // The index differs, and the files do not.
        _differences.Clear();
        return null;
    }

    private string FullPath(string name) => Path.Combine(_git.Folder, name);
}
