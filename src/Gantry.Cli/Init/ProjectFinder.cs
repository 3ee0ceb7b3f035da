using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gantry.Cli.Init;

/// <summary>Finds the services among the projects of a solution, and asks MSBuild what they are.</summary>
internal sealed partial class ProjectFinder(string root)
{
    private const string Properties =
        "TargetFramework,TargetFrameworks,OutputType,AssemblyName,UsingMicrosoftNETSdkWeb,IsTestProject,PackAsTool,IsAspireHost";

    /// <summary>Returns the services among the projects of a solution; throws when there is none.</summary>
    public async Task<IReadOnlyList<ServiceProject>> FindAsync(string solution, CancellationToken cancellationToken)
    {
        var skipped = new List<string>();
        var services = new List<ServiceProject>();
        foreach (var project in await ListProjectsAsync(solution, cancellationToken))
        {
            // MSBuild takes a second for each, so it is asked about those alone that may be a service.
            if (!MayBeService().IsMatch(await File.ReadAllTextAsync(Path.Combine(root, project), cancellationToken)))
                continue;
            var properties = await EvaluateAsync(project, cancellationToken);
            if (ReasonToSkip(properties) is { } reason)
                skipped.Add($"{project} is {reason}");
            else
                services.Add(Describe(ImageNameOf(project), project, properties));
        }

        RefuseSameImages(services);
        return services.Count > 0 ? services : throw InitErrors.NoService(skipped);
    }

    /// <summary>Returns the services that a person named: <c>orders=src/Orders</c>.</summary>
    public async Task<IReadOnlyList<ServiceProject>> ReadAsync(IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var services = new List<ServiceProject>();
        foreach (var text in images)
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || !ImageName().IsMatch(parts[0]) || parts[1].Length == 0)
                throw InitErrors.NotAnImage(text);
            var project = FindProjectFile(parts[1]);
            services.Add(Describe(parts[0], project, await EvaluateAsync(project, cancellationToken)));
        }

        RefuseSameImages(services);
        return services;
    }

    /// <summary>Lists files of the working copy, relative to the root, that git does not ignore.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(IReadOnlyList<string> patterns, CancellationToken cancellationToken)
    {
        string[] arguments =
            ["-c", "core.quotePath=false", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", .. patterns];
        var listed = await ChildProgram.RunAsync("git", root, arguments, cancellationToken);
        return
        [
            .. listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Where(file => File.Exists(Path.Combine(root, file)))
                .Order(StringComparer.Ordinal)
                .Distinct(),
        ];
    }

    // Paths in a solution are relative to its folder.
    private async Task<IReadOnlyList<string>> ListProjectsAsync(string solution, CancellationToken cancellationToken)
    {
        var listed = await ChildProgram.RunAsync("dotnet", root, ["sln", solution, "list"], cancellationToken);
        if (listed.ExitCode != 0)
            throw InitErrors.NotEvaluated(solution, listed.Reason);
        var folder = Path.GetDirectoryName(Path.Combine(root, solution))!;
        return
        [
            .. listed.Output.Split('\n', StringSplitOptions.TrimEntries)
                .Where(line => line.EndsWith(".csproj", StringComparison.Ordinal) || line.EndsWith(".fsproj", StringComparison.Ordinal))
                .Select(line => Path.GetRelativePath(root, Path.GetFullPath(line.Replace('\\', '/'), folder)).Replace('\\', '/'))
                .Where(project => File.Exists(Path.Combine(root, project)))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string? ReasonToSkip(IReadOnlyDictionary<string, string> properties)
    {
        if (IsTrue(properties, "IsTestProject"))
            return "a test project";
        if (IsTrue(properties, "PackAsTool"))
            return "a tool";
        if (IsTrue(properties, "IsAspireHost"))
            return "an Aspire host";
        return string.Equals(properties["OutputType"], "Exe", StringComparison.OrdinalIgnoreCase) ? null : "a library";
    }

    private static bool IsTrue(IReadOnlyDictionary<string, string> properties, string name) =>
        string.Equals(properties[name], "true", StringComparison.OrdinalIgnoreCase);

    private static ServiceProject Describe(string image, string project, IReadOnlyDictionary<string, string> properties)
    {
        var framework = ModernFramework().Match(properties["TargetFramework"]);
        if (!framework.Success || int.Parse(framework.Groups["major"].ValueSpan, provider: null) < 8)
            throw InitErrors.NoFramework(project);
        return new ServiceProject(
            image, project, properties["AssemblyName"], framework.Groups["version"].Value, IsTrue(properties, "UsingMicrosoftNETSdkWeb"));
    }

    private static void RefuseSameImages(IReadOnlyList<ServiceProject> services)
    {
        foreach (var same in services.GroupBy(service => service.Image, StringComparer.Ordinal).Where(group => group.Count() > 1))
            throw InitErrors.ImageTwice(same.Key, same.First().Path, same.ElementAt(1).Path);
    }

    // As the template writes them: Contoso.OrderService is contoso-order-service.
    private static string ImageNameOf(string project) =>
        NotInName().Replace(WordStart().Replace(Path.GetFileNameWithoutExtension(project), "-"), "-").Trim('-').ToLowerInvariant();

    private string FindProjectFile(string path)
    {
        var full = Path.GetFullPath(Path.Combine(root, path));
        if (Directory.Exists(full))
        {
            var files = Directory.GetFiles(full, "*.?sproj");
            full = files.Length == 1 ? files[0] : full;
        }

        var relative = Path.GetRelativePath(root, full).Replace('\\', '/');
        return File.Exists(full) && !relative.StartsWith("../", StringComparison.Ordinal)
            ? relative
            : throw InitErrors.NoSuchFile("--image", path);
    }

    private async Task<IReadOnlyDictionary<string, string>> EvaluateAsync(string project, CancellationToken cancellationToken)
    {
        var result = await ChildProgram.RunAsync("dotnet", root, ["msbuild", project, $"-getProperty:{Properties}"], cancellationToken);
        if (result.ExitCode != 0)
            throw InitErrors.NotEvaluated(project, result.Reason);
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("Properties").EnumerateObject()
            .ToDictionary(property => property.Name, property => property.Value.GetString() ?? "", StringComparer.Ordinal);
    }

    [GeneratedRegex(@"Microsoft\.NET\.Sdk\.(?:Web|Worker|BlazorWebAssembly)|<OutputType>\s*Exe|Sdk=""(?!Microsoft\.NET\.Sdk"")",
        RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MayBeService();

    [GeneratedRegex("^[a-z0-9]+(?:[.-][a-z0-9]+)*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ImageName();

    [GeneratedRegex(@"^net(?<version>(?<major>\d+)\.\d+)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModernFramework();

    [GeneratedRegex(
        @"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();

    [GeneratedRegex("[^A-Za-z0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotInName();
}
