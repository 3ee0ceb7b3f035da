using Gantry.Testing.Builds;

namespace Pipeline.Tests.Fixtures;

/// <summary>
/// A copy of the clone that a test may change and that is at its place until the test ends. MSBuild knows by their paths what it has
/// compiled: of a changed build class only the build program is compiled again, and in a copy elsewhere everything.
/// </summary>
internal sealed class ChangedBuild : IAsyncDisposable
{
    private readonly string _kept;

    private ChangedBuild(string root) => (Root, _kept) = (root, root + ".kept");

    public string Root { get; }

    /// <summary>Puts a copy without artifacts in the place of a clone.</summary>
    /// <param name="root">The root of the clone, which no other test uses at the same time.</param>
    /// <param name="change">Changes the source of the build class.</param>
    public static async Task<ChangedBuild> CreateAsync(string root, Func<string, string> change)
    {
        var changed = new ChangedBuild(root);
        Directory.Move(root, changed._kept);
        try
        {
            await ScratchClone.CopyAsync(changed._kept, root);
            var file = changed.PathOf("build/Build.cs");
            await File.WriteAllTextAsync(file, change(await File.ReadAllTextAsync(file)));
            return changed;
        }
        catch
        {
            await changed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gets the full path of a file in the copy.</summary>
    public string PathOf(string path) => Path.Combine(Root, path);

    public Task<BuildRun> BuildAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        RepositoryClone.BuildInAsync(Root, environment, arguments);

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(Root))
        {
            RepositoryClone.MakeWritable(new DirectoryInfo(Root));
            Directory.Delete(Root, recursive: true);
        }

        Directory.Move(_kept, Root);
        return ValueTask.CompletedTask;
    }
}
