using System.Reflection;
using System.Text.Json;

namespace Gantry.Cli.Init;

/// <summary>Plans the files of a build, and refuses to replace one that exists.</summary>
internal sealed class InitPlanner(InitChoices choices)
{
    private static readonly string[] s_scripts = ["build.sh", "build.ps1", "build.cmd"];
    private static readonly string[] s_ignored = ["artifacts/", ".nuke/temp/"];

    // That of this program: its packages are released together.
    private static readonly string Version =
        typeof(InitPlanner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Returns the files in the order in which they are shown.</summary>
    public IReadOnlyList<PlannedFile> Plan()
    {
        List<PlannedFile> files =
        [
            new("build/Build.cs", BuildClass()),
            new("build/_build.csproj", Template().Render("_build.csproj")),
            new("build/Directory.Build.props", InitTemplate.Read("Directory.Build.props")),
            new("build/Directory.Build.targets", InitTemplate.Read("Directory.Build.targets")),
            .. choices.Services.SelectMany(DockerfilesOf),
            .. s_scripts.Select(ScriptOf),
            new(".nuke/parameters.json", Template(("HasRegistry", !choices.Registries.AreFolders)).Render(".nuke/parameters.json")),
        ];
        if (files.FirstOrDefault(file => IsInTheWay(file)) is { } inTheWay)
            throw InitErrors.FileInTheWay(inTheWay.Path);
        if (GitIgnore() is { } ignore)
            files.Add(ignore);
        return files;
    }

    private bool IsInTheWay(PlannedFile file) => File.Exists(Path.Combine(choices.Root, file.Path)) && !file.IsWritten(choices.Root);

    private string BuildClass()
    {
        var text = Template(("HasRegistry", choices.Registries.Pattern is not null)).Render("Build.cs");
        var lines = text.Split('\n').SelectMany(line => line.Contains("gantry-service", StringComparison.Ordinal)
            ? choices.Services.Select(service => line
                .Replace("GANTRY_PROJECT", DeclaredPath(service.Path), StringComparison.Ordinal)
                .Replace("gantry-service", service.Image, StringComparison.Ordinal))
            : [line]);
        return string.Join('\n', lines);
    }

    // The folder of a project that is alone in it, as people name it.
    private string DeclaredPath(string project)
    {
        var folder = Path.GetDirectoryName(project)!.Replace('\\', '/');
        return folder.Length > 0 && Directory.GetFiles(Path.Combine(choices.Root, folder), "*.?sproj").Length == 1 ? folder : project;
    }

    private static IEnumerable<PlannedFile> DockerfilesOf(ServiceProject service)
    {
        var template = new InitTemplate(new HashSet<string>(), new Dictionary<string, string>
        {
            ["mcr.microsoft.com/dotnet/aspnet:10.0"] = service.BaseImage,
            ["GantryService"] = service.AssemblyName,
            ["gantry-service"] = service.Image,
        });
        var dockerfile = template.Render("gantry-service.Dockerfile");
        yield return new PlannedFile(
            service.Dockerfile, service.IsWeb ? dockerfile : dockerfile.Replace("EXPOSE 8080\n", "", StringComparison.Ordinal));
        yield return new PlannedFile(service.Dockerfile + ".dockerignore", template.Render("gantry-service.Dockerfile.dockerignore"));
    }

    private static PlannedFile ScriptOf(string name)
    {
        var text = InitTemplate.Read(name);
        return new PlannedFile(name, name == "build.cmd" ? text.ReplaceLineEndings("\r\n") : text) { IsExecutable = name == "build.sh" };
    }

    private PlannedFile? GitIgnore()
    {
        const string name = ".gitignore";
        var file = Path.Combine(choices.Root, name);
        var text = File.Exists(file) ? File.ReadAllText(file) : "";
        var lines = text.Split('\n').Select(line => line.Trim().TrimStart('/').TrimEnd('/')).ToHashSet(StringComparer.Ordinal);
        var missing = s_ignored.Where(line => !lines.Contains(line.TrimEnd('/'))).ToList();
        if (missing.Count == 0)
            return null;
        var end = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
        return new PlannedFile(name, text + end + string.Join('\n', missing) + "\n") { Added = missing };
    }

    private InitTemplate Template(params IReadOnlyList<(string Name, bool Holds)> more)
    {
        (string Name, bool Holds)[] all =
        [
            ("IsAzure", choices.Host == PipelineHost.AzureDevOps),
            ("IsGitHub", choices.Host == PipelineHost.GitHub),
            ("HasConnection", choices.ServiceConnection is not null),
            ("ClosedFeed", choices.IsFeedClosed),
            .. more,
        ];
        var values = new Dictionary<string, string>
        {
            ["GANTRY_VERSION"] = Version,
            ["GANTRY_SOLUTION"] = JsonEncodedText.Encode(choices.Solution).ToString(),
            ["GANTRY_REGISTRY"] = choices.Registries.Pattern ?? "",
            ["GANTRY_CONNECTION"] = choices.ServiceConnection ?? "",
            ["GANTRY_APPROVER"] = choices.Approver,
        };
        foreach (var (name, address) in choices.Registries.ByName)
            values[$"GANTRY_{name.ToUpperInvariant()}_REGISTRY"] = JsonEncodedText.Encode(address).ToString();
        return new InitTemplate(all.Where(each => each.Holds).Select(each => each.Name).ToHashSet(StringComparer.Ordinal), values);
    }
}
