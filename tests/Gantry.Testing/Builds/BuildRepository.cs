using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Gantry.Testing.Builds;

/// <summary>
/// A small repository in which a compiled build class runs. Its application publishes one file with configuration and version; its image
/// has no base image.
/// </summary>
public sealed partial class BuildRepository : IDisposable
{
    private const string Project = """
        <Project>
          <Target Name="Restore" />
          <Target Name="Build" />
          <Target Name="Publish">
            <WriteLinesToFile File="$([MSBuild]::EnsureTrailingSlash('$(PublishDir)'))app.txt" Lines="$(Configuration) $(InformationalVersion)" Overwrite="true" />
          </Target>
        </Project>

        """;

    private const string Solution = """

        Microsoft Visual Studio Solution File, Format Version 12.00
        # Visual Studio Version 17
        Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "App", "src\App\App.csproj", "{5B0A2F0F-0B6E-4C55-9B5C-0B7C9D3E6A01}"
        EndProject
        Global
        	GlobalSection(SolutionConfigurationPlatforms) = preSolution
        		Debug|Any CPU = Debug|Any CPU
        		Release|Any CPU = Release|Any CPU
        	EndGlobalSection
        	GlobalSection(ProjectConfigurationPlatforms) = postSolution
        		{5B0A2F0F-0B6E-4C55-9B5C-0B7C9D3E6A01}.Debug|Any CPU.ActiveCfg = Debug|Any CPU
        		{5B0A2F0F-0B6E-4C55-9B5C-0B7C9D3E6A01}.Debug|Any CPU.Build.0 = Debug|Any CPU
        		{5B0A2F0F-0B6E-4C55-9B5C-0B7C9D3E6A01}.Release|Any CPU.ActiveCfg = Release|Any CPU
        		{5B0A2F0F-0B6E-4C55-9B5C-0B7C9D3E6A01}.Release|Any CPU.Build.0 = Release|Any CPU
        	EndGlobalSection
        EndGlobal

        """;

    private readonly TempFolder _folder = new();
    private readonly TempFolder _profile = new();
    private readonly string _build;

    // A build signs with the key of the user: its own, and not that of the person who runs the tests.
    private BuildRepository(string build) =>
        (_build, Variables) = (build, new() { ["XDG_DATA_HOME"] = _profile.Path, ["LOCALAPPDATA"] = _profile.Path });

    /// <summary>The version in the tag of its only commit.</summary>
    public static string Version => "1.2.0";

    /// <summary>Creates the repository with one commit.</summary>
    /// <param name="build">The assembly of the build class.</param>
    /// <param name="hasSolution">True when the parameters name the solution.</param>
    public static async Task<BuildRepository> CreateAsync(string build, bool hasSolution = true)
    {
        var repository = new BuildRepository(build);
        await repository.WriteAsync(".gitignore", "build/bin/\nbuild/obj/\n");
        await repository.WriteAsync(".nuke/parameters.json", hasSolution ? "{ \"Solution\": \"App.sln\" }\n" : "{}\n");
        await repository.WriteAsync("App.sln", Solution.ReplaceLineEndings("\r\n"));
        await repository.WriteAsync("src/App/App.csproj", Project);
        await repository.WriteAsync("Dockerfile", "FROM scratch\nCOPY artifacts/app/ /app/\n");
        await repository.WriteAsync("output.Dockerfile", "FROM scratch\nCOPY output/app/ /app/\n");
        await repository.GitAsync("init", "--quiet", "--initial-branch", "main");
        await repository.CommitAsync();
        await repository.GitAsync("tag", Version);
        return repository;
    }

    /// <summary>Gets the environment variables of its builds.</summary>
    public Dictionary<string, string> Variables { get; }

    /// <summary>Gets the file of the development key of its builds.</summary>
    public string DevelopmentKey => _profile.Combine("gantry", "development-key.pem");

    /// <summary>Gets the full path of a file in the repository.</summary>
    public string PathOf(string path) => _folder.Combine(path);

    /// <summary>Writes a file in the repository.</summary>
    public async Task WriteAsync(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        await File.WriteAllTextAsync(PathOf(path), content);
    }

    /// <summary>Commits all files.</summary>
    public async Task CommitAsync()
    {
        await GitAsync("add", "--all");
        await GitAsync(
            "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--allow-empty", "--message", "all");
    }

    /// <summary>Runs its build without a terminal.</summary>
    public Task<BuildRun> BuildAsync(params string[] arguments) => RunAsync(_build, arguments);

    /// <summary>Runs another build in the repository.</summary>
    public async Task<BuildRun> RunAsync(string build, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [build, .. arguments])
        {
            WorkingDirectory = _folder.Path,
        };
        var run = await BuildProcess.RunAsync(
            start, new Dictionary<string, string>(Variables) { ["MSBUILDDISABLENODEREUSE"] = "1", ["TERM"] = "dumb" });
        return run with { Output = run.Output.ReplaceLineEndings("\n").Replace('\u00A0', ' ') };
    }

    /// <summary>Lists the tags of an image in the registry of an environment, or in the base registry.</summary>
    public IReadOnlyList<string> TagsIn(string registry)
    {
        var index = PathOf($"artifacts/registries/{registry}/app/index.json");
        return File.Exists(index) ? TagOfLayout().Matches(File.ReadAllText(index)).Select(match => match.Groups["tag"].Value).ToList() : [];
    }

    public void Dispose()
    {
        _folder.Dispose();
        _profile.Dispose();
    }

    /// <summary>Runs git in the repository.</summary>
    public async Task GitAsync(params string[] arguments) =>
        (await ChildProcess.RunAsync("git", ["-C", _folder.Path, .. arguments])).EnsureSuccess();

    [GeneratedRegex("\"org.opencontainers.image.ref.name\": ?\"(?<tag>[^\"]+)\"")]
    private static partial Regex TagOfLayout();
}
