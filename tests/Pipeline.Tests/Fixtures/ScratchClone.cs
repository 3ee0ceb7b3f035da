using Gantry.Testing.Builds;

namespace Pipeline.Tests.Fixtures;

/// <summary>A copy of a clone that a test may change, in a folder whose name MSBuild and shells could misunderstand.</summary>
internal sealed class ScratchClone : IDisposable
{
    private readonly DirectoryInfo _parent;

    // Beside the clone: the files above it decide how the build is compiled, and a copy with others would compile it again.
    private ScratchClone(string clone) =>
        _parent = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(clone)!, Path.GetRandomFileName()));

    public string Root => Path.Combine(_parent.FullName, "it's a copy, x=1 [y] (z) {$w} @v #u &é.");

    /// <summary>Gets the full path of a file in the copy.</summary>
    public string PathOf(string path) => Path.Combine(Root, path);

    public static async Task<ScratchClone> CreateAsync(string root)
    {
        var copy = new ScratchClone(root);
        await CopyAsync(root, copy.Root);
        return copy;
    }

    /// <summary>Copies a clone with all that was compiled in it, and without its artifacts.</summary>
    public static async Task CopyAsync(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(
            from, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            var relative = Path.GetRelativePath(from, file);
            if (relative.StartsWith("artifacts", StringComparison.Ordinal))
                continue;
            var target = Path.Combine(to, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        await RepositoryClone.GitAsync(to, "status", "--short");
    }

    public Task<BuildRun> BuildAsync(params string[] arguments) =>
        RepositoryClone.BuildInAsync(Root, new Dictionary<string, string>(), arguments);

    public void Dispose()
    {
        RepositoryClone.MakeWritable(_parent);
        _parent.Delete(recursive: true);
    }
}
