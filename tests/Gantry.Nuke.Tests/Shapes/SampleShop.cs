using System.Diagnostics;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Gantry.Testing.Jobs;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>
/// A repository with a real application: a package, satellite assemblies, static web assets, an embedded resource, and none of the
/// settings that make a build reproducible. It restores from the packages of this machine.
/// </summary>
internal sealed class SampleShop : IDisposable
{
    private const string Dockerfile = """
        FROM scratch
        WORKDIR /app
        COPY --chown=1654:1654 artifacts/app/frameworks ./
        COPY --chown=1654:1654 artifacts/app/packages ./
        COPY --chown=1654:1654 artifacts/app/assemblies ./
        COPY --chown=1654:1654 artifacts/app/content ./
        USER 1654

        """;

    private readonly TempFolder _folder = new();

    private string Origin => _folder.Combine("origin");

    /// <summary>Creates the repository with one commit.</summary>
    public static async Task<SampleShop> CreateAsync()
    {
        var shop = new SampleShop();
        var version = shop.CopyPackage();
        foreach (var (path, content) in Files(shop._folder.Combine("feed"), version))
            shop._folder.Write(Path.Combine("origin", path), System.Text.Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\n")));
        await shop.GitAsync(shop.Origin, "init", "--quiet", "--initial-branch", "main");
        await shop.GitAsync(shop.Origin, "add", "--all");
        await shop.GitAsync(
            shop.Origin, "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "all");
        return shop;
    }

    /// <summary>Clones it; all clones have the same remote.</summary>
    /// <param name="name">The folder.</param>
    public async Task<string> CloneAsync(string name)
    {
        var clone = _folder.Combine(name);
        await GitAsync(_folder.Path, "clone", "--quiet", "--no-hardlinks", Origin, clone);
        await GitAsync(clone, "remote", "set-url", "origin", "https://example.com/contoso/shop");
        return clone;
    }

    /// <summary>Creates a home directory.</summary>
    public string CreateHome(string name) => Directory.CreateDirectory(_folder.Combine(name)).FullName;

    /// <summary>Gives all files to another user, and lets that user reach them.</summary>
    public async Task GiveAsync(int user, params string[] folders)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        (await ChildProcess.RunAsync("chown", ["-R", $"{user}:{user}", .. folders])).EnsureSuccess();
    }

    /// <summary>Builds the image in a clone.</summary>
    /// <param name="clone">The clone.</param>
    /// <param name="start">The program and the arguments that start the build: a shell with another mask of modes, another user.</param>
    /// <param name="variables">The variables that the user has.</param>
    /// <param name="version">The version.</param>
    public static async Task<string> BuildImageAsync(
        string clone, IReadOnlyList<string> start, IReadOnlyDictionary<string, string> variables, string version = "1.2.0")
    {
        string[] arguments =
        [
            .. start, "dotnet", Path.Combine(AppContext.BaseDirectory, "Gantry.Nuke.Shapes.dll"), "BuildImage",
            "--release-version", version,
        ];
        var run = await BuildProcess.RunAsync(
            new ProcessStartInfo(arguments[0], arguments[1..]) { WorkingDirectory = clone },
            new Dictionary<string, string>(variables)
            {
                ["GANTRY_SHAPE"] = "Rebuilding", ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["TERM"] = "dumb",
            });
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output;
    }

    public void Dispose() => _folder.Dispose();

    private async Task GitAsync(string folder, params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        (await ChildProcess.RunAsync("git", ["-C", folder, .. arguments])).EnsureSuccess();
    }

    // Another user may not read the packages of this one.
    private string CopyPackage()
    {
        var packages = Path.Combine(WorkingCopyClone.PackagesFolder, "polly.core");
        var package = Directory.GetFiles(packages, "*.nupkg", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Last();
        Directory.CreateDirectory(_folder.Combine("feed"));
        File.Copy(package, _folder.Combine("feed", Path.GetFileName(package)));
        return Path.GetFileName(Path.GetDirectoryName(package)!);
    }

    private static IEnumerable<(string Path, string Content)> Files(string feed, string version)
    {
        yield return (".gitignore", "bin/\nobj/\nartifacts/\n.nuke/temp/\n");
        yield return (".nuke/parameters.json", "{}\n");
        yield return ("Dockerfile", Dockerfile);
        yield return ("NuGet.config", $"""
            <configuration>
              <packageSources><clear /><add key="here" value="{feed}" /></packageSources>
            </configuration>

            """);
        yield return ("src/App/Shop.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Polly.Core" Version="[{version}]" />
                <EmbeddedResource Include="Terms.txt" />
              </ItemGroup>
            </Project>

            """);
        yield return ("src/App/Program.cs", """
            using System.Resources;

            var app = WebApplication.CreateBuilder(args).Build();
            app.MapStaticAssets();
            var texts = new ResourceManager("Shop.Texts", typeof(Program).Assembly);
            app.MapGet("/", () => texts.GetString("Hello"));
            app.MapGet("/where", ([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path);
            app.MapGet("/package", () => new Polly.ResiliencePipelineBuilder().Build().ToString());
            app.Run();

            """);
        yield return ("src/App/Terms.txt", "The terms.\n");
        foreach (var culture in new[] { "", ".de", ".fr" })
            yield return ($"src/App/Texts{culture}.resx", Texts("Hello" + culture));
        yield return ("src/App/wwwroot/app.js", "console.log('shop');\n");
        yield return (
            "src/App/wwwroot/app.css",
            string.Concat(Enumerable.Range(0, 200).Select(width => $".c{width} {{ margin: {width}px }}\n")));
    }

    private static string Texts(string hello) => $"""
        <?xml version="1.0" encoding="utf-8"?>
        <root>
          <resheader name="resmimetype"><value>text/microsoft-resx</value></resheader>
          <resheader name="version"><value>2.0</value></resheader>
          <resheader name="reader"><value>System.Resources.ResXResourceReader, System.Windows.Forms</value></resheader>
          <resheader name="writer"><value>System.Resources.ResXResourceWriter, System.Windows.Forms</value></resheader>
          <data name="Hello" xml:space="preserve"><value>{hello}</value></data>
        </root>

        """;
}
