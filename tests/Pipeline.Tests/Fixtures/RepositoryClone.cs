using System.Diagnostics;
using Gantry.Testing;
using Gantry.Testing.Builds;

namespace Pipeline.Tests.Fixtures;

/// <summary>This repository, committed into its own folder, as after a clone.</summary>
public sealed class RepositoryClone : IAsyncLifetime
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gantry-clone-");
    private Task<IReadOnlyDictionary<string, byte[]>>? _promotedToDev;

    /// <summary>Gets the root of the clone.</summary>
    public string Root => Path.Combine(_parent.FullName, "clone");

    public async Task InitializeAsync()
    {
        MSBuildResponseFile.Write(_parent.FullName);
        var origin = Path.Combine(_parent.FullName, "origin");
        foreach (var file in RepositoryFiles.All())
        {
            var target = Path.Combine(origin, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(RepositoryFiles.Root, file), target);
        }

        await GitAsync(origin, "init", "--quiet", "--initial-branch", "main");
        await GitAsync(origin, "add", "--all");
        await GitAsync(origin, "commit", "--quiet", "--message", "all");
        await GitAsync(origin, "tag", "1.2.0");
        await GitAsync(_parent.FullName, "clone", "--quiet", "origin", "clone");

        // The feed was examined when these tests were compiled.
        var temporary = File.Exists(Path.Combine(RepositoryFiles.Root, ".fallout/parameters.json")) ? ".fallout/temp" : ".nuke/temp";
        foreach (var name in new[] { "closed-feed.nuke", "closed-feed.fallout" }.Where(name =>
            File.Exists(Path.Combine(RepositoryFiles.Root, temporary, name))))
        {
            Directory.CreateDirectory(Path.Combine(Root, temporary));
            File.Create(Path.Combine(Root, temporary, name)).Dispose();
        }

        var first = await BuildAsync("--help");
        Assert.True(first.ExitCode == 0, first.Output);
    }

    public Task DisposeAsync()
    {
        MakeWritable(_parent);
        _parent.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Makes everything in a folder deletable: blobs in registries are read-only, and so are objects of git.</summary>
    internal static void MakeWritable(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
            file.Attributes = FileAttributes.Normal;
    }

    /// <summary>
    /// Builds the release 1.2.0 and promotes it to dev, once for all tests that start from it. Restores the list of the built images and
    /// the record of the release: a test that published it to another registry left a later one, from before which no promotion counts.
    /// </summary>
    public async Task PromoteDevAsync()
    {
        foreach (var (file, content) in await (_promotedToDev ??= PromoteAsync()))
            await File.WriteAllBytesAsync(PathOf(file), content);

        async Task<IReadOnlyDictionary<string, byte[]>> PromoteAsync()
        {
            var run = await BuildAsync("PromoteDev");
            Assert.True(run.ExitCode == 0, run.Output);
            return new[] { "artifacts/images/images.json", "artifacts/release.json" }
                .ToDictionary(file => file, file => File.ReadAllBytes(PathOf(file)));
        }
    }

    /// <summary>Gets the arguments of a run that builds nothing and goes on with what <see cref="PromoteDevAsync"/> has built.</summary>
    public static IReadOnlyList<string> BuiltAlready { get; } = ["--skip", "Restore", "Compile", "PublishImages", "BuildImage"];

    /// <summary>Gets the full path of a file in the clone.</summary>
    public string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>Runs ./build.sh (or build.cmd) in the clone, without a terminal.</summary>
    public Task<BuildRun> BuildAsync(params string[] arguments) => BuildInAsync(Root, new Dictionary<string, string>(), arguments);

    /// <summary>Runs the build in another folder, with additional environment variables.</summary>
    public static async Task<BuildRun> BuildInAsync(string root, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", ["/c", Path.Combine(root, "build.cmd"), .. arguments])
            : new ProcessStartInfo(Path.Combine(root, "build.sh"), arguments);
        start.WorkingDirectory = root;
        start.Environment["GIT_CONFIG_GLOBAL"] = Path.Combine(root, "..", "gitconfig");
        return await RunBuildAsync(start, environment);
    }

    public static async Task<string> GitAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", .. arguments])
        {
            WorkingDirectory = folder,
        };
        start.Environment["GIT_AUTHOR_DATE"] = start.Environment["GIT_COMMITTER_DATE"] = "1760000000 +0000";
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var run = await ChildProcess.RunAsync(start);
        return (run.EnsureSuccess().Output + run.Error).Trim();
    }

    /// <summary>Runs a build in a terminal with colours, with an output that is not a terminal.</summary>
    internal static Task<BuildRun> RunBuildAsync(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment) =>
        BuildProcess.RunAsync(start, new Dictionary<string, string>(environment) { ["TERM"] = "xterm-256color" });
}
