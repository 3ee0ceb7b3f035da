namespace Gantry.Testing.Jobs;

/// <summary>A clone of this repository with the uncommitted changes of the working copy, whose jobs a test runs.</summary>
public sealed class WorkingCopyClone
{
    private WorkingCopyClone(string folder) => Folder = folder;

    /// <summary>Gets the program that build.sh starts when its inputs have not changed, as paths in the repository.</summary>
    public static IReadOnlyList<string> BuildProgram { get; } =
        ["build/bin", "build/obj/project.assets.json", ".nuke/temp/build.inputs", ".nuke/temp/build.sources"];

    /// <summary>Gets the folder of the NuGet packages of this machine.</summary>
    public static string PackagesFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public string Folder { get; }

    /// <summary>Clones the repository into a new folder. Nothing is committed yet.</summary>
    public static async Task<WorkingCopyClone> CreateAsync(string folder)
    {
        var root = RepositoryFiles.Root;
        await RunInAsync(root, "git", "clone", "--quiet", "--no-hardlinks", root, folder);
        var changed = await RunInAsync(root, "git", "ls-files", "--modified", "--others", "--exclude-standard", "-z");
        foreach (var file in changed.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var target = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (File.Exists(Path.Combine(root, file)))
                File.Copy(Path.Combine(root, file), target, overwrite: true);
            else
                File.Delete(target);
        }

        return new(folder);
    }

    /// <summary>
    /// Gets the environment of jobs. It has the known state of the feed: otherwise each job would try the packages first, and compile the
    /// build again.
    /// </summary>
    public static Dictionary<string, string> JobVariables()
    {
        var variables = JobEnvironment.Inherit("PATH", "HOME", "LANG", "DOTNET_ROOT", "DOTNET_HOST_PATH", "ClosedFeed").ToDictionary();
        if (File.Exists(Path.Combine(RepositoryFiles.Root, ".nuke/temp/closed-feed.nuke")))
            variables.TryAdd("ClosedFeed", "true");
        return variables;
    }

    /// <summary>Replaces a text in a file, which must have it.</summary>
    public async Task ReplaceAsync(string file, string from, string to)
    {
        var path = Path.Combine(Folder, file);
        var text = await File.ReadAllTextAsync(path);
        if (!text.Contains(from, StringComparison.Ordinal))
            throw new InvalidOperationException($"{file} does not have '{from}'");
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Replaces the base image of the Dockerfile, which comes from the internet.</summary>
    public Task UseBaseImageAsync(string image) => ReplaceAsync("Dockerfile", "mcr.microsoft.com/dotnet/aspnet:10.0", image);

    /// <summary>
    /// Removes every project from the solution but the application and its tests: the others include the test that is running.
    /// </summary>
    public async Task KeepApplicationAsync()
    {
        var projects = await RunAsync("dotnet", "sln", "App.sln", "list");
        var others = projects
            .Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.EndsWith(".csproj", StringComparison.Ordinal) && !line.Contains("App", StringComparison.Ordinal));
        await RunAsync("dotnet", ["sln", "App.sln", "remove", .. others]);
    }

    /// <summary>Commits all files, whether or not any has changed.</summary>
    public async Task CommitAsync(string message)
    {
        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--allow-empty", "--message", message);
    }

    /// <summary>Runs git in the clone and returns its output.</summary>
    public Task<string> GitAsync(params string[] arguments) =>
        RunAsync("git", ["-c", "user.name=Test", "-c", "user.email=test@contoso.com", .. arguments]);

    /// <summary>Runs a program in the clone and returns its output.</summary>
    public Task<string> RunAsync(string program, params string[] arguments) => RunInAsync(Folder, program, arguments);

    private static async Task<string> RunInAsync(string folder, string program, params string[] arguments)
    {
        var start = ChildProcess.StartInfo(program, arguments);
        start.WorkingDirectory = folder;
        return (await ChildProcess.RunAsync(start)).EnsureSuccess().Output;
    }
}
