using System.Diagnostics;
using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Pipeline.Tests;

/// <summary>This repository, committed into a folder of its own as somebody has it who just cloned it.</summary>
public sealed partial class CheckedOut : IAsyncLifetime
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gantry-clone-");
    private Task<BuildRun>? _promotedToDev;

    /// <summary>The root of the clone.</summary>
    public string Root => Path.Combine(_parent.FullName, "clone");

    public async Task InitializeAsync()
    {
        SmallBuilds.In(_parent.FullName);
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

        // What the feed does not carry was found out when these tests were compiled.
        var temporary = File.Exists(Path.Combine(RepositoryFiles.Root, ".fallout/parameters.json")) ? ".fallout/temp" : ".nuke/temp";
        foreach (var name in new[] { "closed-feed.nuke", "closed-feed.fallout" }.Where(name => File.Exists(Path.Combine(RepositoryFiles.Root, temporary, name))))
        {
            Directory.CreateDirectory(Path.Combine(Root, temporary));
            File.Create(Path.Combine(Root, temporary, name)).Dispose();
        }

        var first = await BuildAsync("--help");
        Assert.True(first.ExitCode == 0, first.Output);
    }

    public Task DisposeAsync()
    {
        foreach (var file in _parent.EnumerateFiles("*", SearchOption.AllDirectories))
            file.Attributes = FileAttributes.Normal;
        _parent.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Builds the release 1.2.0 and brings it to dev, once for all tests that begin with it.</summary>
    public async Task PromoteDevAsync()
    {
        var run = await (_promotedToDev ??= BuildAsync("PromoteDev"));
        Assert.True(run.ExitCode == 0, run.Output);
    }

    /// <summary>A path in the clone.</summary>
    public string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>Runs ./build.sh (or build.cmd) in the clone as a person without a terminal would.</summary>
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

    /// <summary>Runs a build with additional environment variables, and without those that the run of these tests was told with.</summary>
    internal static async Task<BuildRun> RunBuildAsync(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        Isolate(start);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return await RunAsync(start);
    }

    /// <summary>Removes the variables that the run of these tests was started with.</summary>
    internal static void Isolate(ProcessStartInfo start)
    {
        foreach (var name in start.Environment.Keys.Where(name => IsOfTheBuild().IsMatch(name)).ToList())
            start.Environment.Remove(name);
    }

    public static async Task<string> GitAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", .. arguments]) { WorkingDirectory = folder };
        start.Environment["GIT_AUTHOR_DATE"] = start.Environment["GIT_COMMITTER_DATE"] = "1760000000 +0000";
        var run = await RunAsync(start);
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output.Trim();
    }

    private static async Task<BuildRun> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        // A terminal of this name has colours; what these tests read is no terminal.
        start.Environment["TERM"] = "xterm-256color";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var text = await output + await errors;
        return new BuildRun(process.ExitCode, AnsiEscape().Replace(text, "")) { HasColours = AnsiEscape().IsMatch(text) };
    }

    [GeneratedRegex("^(NUKE_|FALLOUT_|MSBUILD|DOTNET_CLI_|Coverlet|TF_BUILD|BUILD_|SYSTEM_|AGENT_|VSTEST)", RegexOptions.IgnoreCase)]
    private static partial Regex IsOfTheBuild();

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    internal static partial Regex AnsiEscape();
}

/// <summary>What a run of the build returned and printed.</summary>
public sealed record BuildRun(int ExitCode, string Output)
{
    /// <summary>True when the output had colours, which <see cref="Output"/> leaves out.</summary>
    public bool HasColours { get; init; }
}
