using System.Globalization;
using Gantry.Testing.Builds;

namespace Gantry.Bench;

/// <summary>
/// Measures what a changed line moves: a real build publishes an application, pushes it to the base registry and promotes it through three
/// environments, changes one line, and does so again. The registries are folders, so that what came into them was moved.
/// </summary>
internal static class LayerBytes
{
    private static readonly string[] s_registries = ["base", "dev", "test", "prod"];

    private static readonly (string Name, string Properties)[] s_applications =
    [
        ("with packages", ""),
        ("self-contained", "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>true</SelfContained>"),
        (
            "self-contained, ReadyToRun",
            "<RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>true</SelfContained><PublishReadyToRun>true</PublishReadyToRun>"
        ),
    ];

    private static readonly (string Name, string Copy)[] s_layouts =
    [
        ("one layer", "COPY artifacts/app /app\n"),
        (
            "layers that stay",
            string.Concat(new[] { "frameworks", "packages", "assemblies", "content" }.Select(name => $"COPY artifacts/app/{name} /app\n"))
        ),
    ];

    /// <summary>Measures every application with every layout, and writes a table.</summary>
    /// <param name="output">Receives the table.</param>
    /// <param name="build">The assembly with the build class.</param>
    public static async Task WriteAsync(TextWriter output, string build)
    {
        await output.WriteLineAsync("| application | layout | first release | changed line: PushBase | 3 promotions | all | % |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (application, properties) in s_applications)
        {
            long? before = null;
            foreach (var (layout, copy) in s_layouts)
            {
                var (first, second) = await MeasureAsync(build, properties, copy);
                var (pushed, all) = (second["base"], second.Values.Sum());
                before ??= all;
                var share = 100.0 * all / before.Value;
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {application} | {layout} | {first["base"]} | {pushed} | {all - pushed} | {all} | {share:0.00} |"));
            }
        }
    }

    private static async Task<(Dictionary<string, long> First, Dictionary<string, long> Second)> MeasureAsync(
        string build, string properties, string copy)
    {
        using var repository = await BuildRepository.CreateAsync(build, hasSolution: false);
        repository.Variables["GANTRY_SHAPE"] = "Chain";
        await repository.WriteAsync(".gitignore", "bin/\nobj/\nartifacts/\ntemp/\n");
        await repository.WriteAsync("Dockerfile", $"FROM scratch\nWORKDIR /app\n{copy}");
        await repository.WriteAsync("src/App/App.csproj", Project(properties));
        await repository.WriteAsync("src/App/wwwroot/app.js", "console.log('shop');\n");
        await repository.WriteAsync("src/App/Program.cs", Program("one line"));
        await repository.CommitAsync();
        var first = await PromoteAsync(repository, "1.0.0");

        await repository.WriteAsync("src/App/Program.cs", Program("another line"));
        await repository.CommitAsync();
        return (first, await PromoteAsync(repository, "1.1.0"));
    }

    // Blobs and manifests that are in a registry now and were not before.
    private static async Task<Dictionary<string, long>> PromoteAsync(BuildRepository repository, string version)
    {
        var before = s_registries.ToDictionary(name => name, name => BlobsOf(repository, name));
        foreach (var target in (string[])["PromoteDev", "PromoteTest", "PromoteProd"])
        {
            string[] release = target == "PromoteDev" ? ["--release-version", version] : ["--release", version];
            var run = await repository.BuildAsync([target, .. release]);
            if (run.ExitCode != 0)
                throw new InvalidOperationException(run.Output);
        }

        return s_registries.ToDictionary(
            name => name,
            name => BlobsOf(repository, name).Where(blob => !before[name].ContainsKey(blob.Key)).Sum(blob => blob.Value));
    }

    private static Dictionary<string, long> BlobsOf(BuildRepository repository, string registry)
    {
        var folder = new DirectoryInfo(repository.PathOf($"artifacts/registries/{registry}/app/blobs/sha256"));
        return folder.Exists ? folder.EnumerateFiles().ToDictionary(file => file.Name, file => file.Length) : [];
    }

    private static string Project(string properties) => $"""
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <NuGetAudit>false</NuGetAudit>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Newtonsoft.Json" Version="13.0.1" />
            <PackageReference Include="Polly.Core" Version="8.9.1" />
            <PackageReference Include="Serilog.Sinks.Console" Version="6.1.1" />
            <PackageReference Include="SharpZipLib" Version="1.4.2" />
            <PackageReference Include="Spectre.Console" Version="0.57.2" />
            <PackageReference Include="YamlDotNet" Version="18.1.0" />
          </ItemGroup>
        </Project>

        """;

    private static string Program(string answer) => $"""
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapStaticAssets();
        app.MapGet("/", () => "{answer}");
        app.Run();

        """;
}
