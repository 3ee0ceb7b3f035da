using System.Text.RegularExpressions;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>
/// A small repository whose build is one of the classes in Gantry.Nuke.Shapes. Its application publishes one file, which says of which
/// configuration and version it is; its image needs no base.
/// </summary>
internal sealed partial class ShapeRepository : IDisposable
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

    // NUKE's setup writes where the solution is, and so does a class that wants to know.
    private static readonly string[] WithoutSolution = ["OwnPublishAndTest", "PublishExtended", "PublishReplaced", "HiddenParameter"];

    private readonly TempFolder _folder = new();
    private readonly string _shape;

    private ShapeRepository(string shape) => _shape = shape;

    /// <summary>The version that its one commit is tagged with.</summary>
    public static string Version => "1.2.0";

    /// <summary>Makes the repository, with one commit.</summary>
    public static async Task<ShapeRepository> CreateAsync(string shape)
    {
        var repository = new ShapeRepository(shape);
        await repository.WriteAsync(".gitignore", "build/bin/\nbuild/obj/\n");
        await repository.WriteAsync(".nuke/parameters.json", WithoutSolution.Contains(shape) ? "{}\n" : "{ \"Solution\": \"App.sln\" }\n");
        await repository.WriteAsync("App.sln", Solution.ReplaceLineEndings("\r\n"));
        await repository.WriteAsync("src/App/App.csproj", Project);
        await repository.WriteAsync("Dockerfile", "FROM scratch\nCOPY artifacts/app/ /app/\n");
        await repository.WriteAsync("output.Dockerfile", "FROM scratch\nCOPY output/app/ /app/\n");
        await repository.GitAsync("init", "--quiet", "--initial-branch", "main");
        await repository.CommitAsync();
        await repository.GitAsync("tag", Version);
        return repository;
    }

    /// <summary>Environment variables of its builds.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>A path in the repository.</summary>
    public string PathOf(string path) => _folder.Combine(path);

    /// <summary>Writes a file of the repository.</summary>
    public async Task WriteAsync(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        await File.WriteAllTextAsync(PathOf(path), content);
    }

    /// <summary>Commits what there is.</summary>
    public async Task CommitAsync()
    {
        await GitAsync("add", "--all");
        await GitAsync("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--allow-empty", "--message", "all");
    }

    /// <summary>Runs its build without a terminal.</summary>
    public Task<ShapeRun> BuildAsync(params string[] arguments) => RunAsync(Path.Combine(AppContext.BaseDirectory, "Gantry.Nuke.Shapes.dll"), arguments);

    /// <summary>Runs another build in it.</summary>
    public async Task<ShapeRun> RunAsync(string build, params string[] arguments)
    {
        var start = ChildProcess.StartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [build, .. arguments]);
        start.WorkingDirectory = _folder.Path;

        // What the run of these tests was told must not decide what a build does.
        foreach (var name in start.Environment.Keys.Where(name => IsOfTheBuild().IsMatch(name)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        start.Environment["GANTRY_SHAPE"] = _shape;
        start.Environment["TERM"] = "dumb";
        var result = await ChildProcess.RunAsync(start);
        return new ShapeRun(result.ExitCode, AnsiEscape().Replace(result.Output + result.Error, "").ReplaceLineEndings("\n").Replace('\u00A0', ' '));
    }

    /// <summary>The tags of an image in the registry of an environment, or of the base.</summary>
    public IReadOnlyList<string> TagsIn(string registry)
    {
        var index = PathOf($"artifacts/registries/{registry}/app/index.json");
        return File.Exists(index) ? TagOfLayout().Matches(File.ReadAllText(index)).Select(match => match.Groups["tag"].Value).ToList() : [];
    }

    public void Dispose() => _folder.Dispose();

    private async Task GitAsync(params string[] arguments) => (await ChildProcess.RunAsync("git", ["-C", _folder.Path, .. arguments])).EnsureSuccess();

    [GeneratedRegex("^(NUKE_|FALLOUT_|MSBUILD|DOTNET_CLI_|Coverlet|TF_BUILD|BUILD_|SYSTEM_|AGENT_|VSTEST|CI$)", RegexOptions.IgnoreCase)]
    private static partial Regex IsOfTheBuild();

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex AnsiEscape();

    [GeneratedRegex("\"org.opencontainers.image.ref.name\": ?\"(?<tag>[^\"]+)\"")]
    private static partial Regex TagOfLayout();
}

/// <summary>What a run of a build returned and printed.</summary>
internal sealed partial record ShapeRun(int ExitCode, string Output)
{
    /// <summary>The targets that <c>--help</c> lists.</summary>
    public IReadOnlyList<string> Targets => [.. Section("Targets", TargetName())];

    /// <summary>The parameters that <c>--help</c> lists.</summary>
    public IReadOnlyList<string> Parameters => [.. Section("Parameters", ParameterName())];

    /// <summary>The targets of the summary in the order in which they ran, each with what became of it.</summary>
    public IReadOnlyList<string> Summary => [.. SummaryRow().Matches(Output).Select(match => $"{match.Groups["target"].Value} {match.Groups["status"].Value}")];

    private IEnumerable<string> Section(string title, Regex name) => Output.Split('\n')
        .SkipWhile(line => !line.StartsWith(title, StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(line => line.Length == 0 || line.StartsWith(' '))
        .Select(line => name.Match(line))
        .Where(match => match.Success)
        .Select(match => match.Groups["name"].Value);

    [GeneratedRegex("^  (?<name>[A-Za-z]+)")]
    private static partial Regex TargetName();

    [GeneratedRegex("^  --(?<name>[a-z-]+)")]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"^(?<target>[A-Z][A-Za-z]+) +(?<status>Succeeded|Skipped|Failed|NotRun|Collective)\b", RegexOptions.Multiline)]
    private static partial Regex SummaryRow();
}
