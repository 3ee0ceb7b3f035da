using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Gantry.Testing;
using Gantry.Testing.Builds;
using Pipeline.Tests.Fixtures;

namespace Pipeline.Tests.Bootstrap;

/// <summary>
/// A repository with this repository's scripts and MSBuild files and a build program that prints its arguments, in a folder whose name
/// MSBuild and shells could misunderstand.
/// Its package feed is an empty folder, without NUKE and Fallout.
/// </summary>
public sealed class ScriptRepository : IDisposable
{
    // As dotnet new writes it: nothing of it comes from the MSBuild files of this repository.
    private const string OwnProject =
        """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""";

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gantry scripts ");

    public ScriptRepository()
    {
        MSBuildResponseFile.Write(_parent.FullName);
        Directory.CreateDirectory(Root);
        foreach (var pattern in new[] { "build.*", "global.json", "Directory.*" })
        foreach (var file in Directory.GetFiles(RepositoryFiles.Root, pattern))
            File.Copy(file, PathOf(Path.GetFileName(file)));

        Write(
            "nuget.config",
            """<configuration><packageSources><clear /><add key="empty" value="feed" /></packageSources></configuration>""");
        Directory.CreateDirectory(PathOf("feed"));
        Write("build/_build.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <OutputPath>bin/$(Configuration)/</OutputPath>
                <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
                <UseAppHost>false</UseAppHost>
                <NoWarn>CA1707</NoWarn>
                <EnableSourceControlManagerQueries>false</EnableSourceControlManagerQueries>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="$(BuildSystem).Common" />
                <Using Include="$(BuildSystem).Common" />
                <ProjectReference Include="../src/Library/Library.csproj" />
                <Compile Include="../linked/Linked.cs" />
              </ItemGroup>
              <Import Project="../linked/imported.props" />
            </Project>
            """);
        Write("linked/Linked.cs", "// The compiler reads it, and it is in the folder of no project.");
        Write("linked/imported.props", "<Project />");
        Write("linked/other.props", "<Project />");
        Write("build/Program.cs", """
            Console.WriteLine($"build=1 {Library.Words.All} by={Host.Name}");
            Console.WriteLine("folder=" + Environment.CurrentDirectory);
            foreach (var argument in args)
                Console.WriteLine($"<{argument}>");
            return args is ["fail", ..] ? 7 : 0;
            """);
        Write("src/Library/Library.csproj", OwnProject);
        Write("src/Library/Words.cs", """namespace Library; public static class Words { public const string All = "library=1"; }""");
        Write("src/Orders/Orders.csproj", OwnProject);
        Write("src/Orders/Orders.cs", "// not part of the build program");
        Write("compat/Nuke.Common/Nuke.Common.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        Write("compat/Nuke.Common/Host.cs", """namespace Nuke.Common; public static class Host { public const string Name = "compat"; }""");
        Write("compat/Fallout.Common/Fallout.Common.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        Write(
            "compat/Fallout.Common/Host.cs",
            """namespace Fallout.Common; public static class Host { public const string Name = "compat's Fallout"; }""");
        Write("compat/Verify.Xunit/Verify.Xunit.targets", "<Project />");
    }

    /// <summary>Gets the folder of the scripts.</summary>
    public string Root => Path.Combine(_parent.FullName, "it's a repository, x=1 [y] (z) {$w} @v #u &é.");

    public string PathOf(string path) => Path.Combine(Root, path);

    public string Read(string path) => File.ReadAllText(PathOf(path));

    /// <summary>Writes a file, with the current date or with a given one.</summary>
    public void Write(string path, string text, DateTime? date = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text, new UTF8Encoding(false));
        if (date is { } given)
            File.SetLastWriteTimeUtc(PathOf(path), given);
    }

    /// <summary>Adds a package without content to the feed.</summary>
    public void AddPackage(string id, string version)
    {
        using var archive = ZipFile.Open(PathOf($"feed/{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var manifest = new StreamWriter(archive.CreateEntry($"{id}.nuspec").Open()))
            manifest.Write($"<package><metadata><id>{id}</id><version>{version}</version><authors>x</authors>"
                + "<description>x</description></metadata></package>");
        archive.CreateEntry("lib/net10.0/_._").Open().Dispose();
    }

    public Task<BuildRun> RunAsync(StartScript script, params IReadOnlyList<string> arguments) =>
        RunAsync(script, new Dictionary<string, string>(), null, arguments);

    public Task<BuildRun> RunAsync(
        StartScript script, IReadOnlyDictionary<string, string> environment, string? folder = null,
        params IReadOnlyList<string> arguments) =>
        RunAsync(script.Start(Root, arguments), environment, folder);

    /// <summary>
    /// Creates a process of a script in which <c>dotnet build</c> does nothing: what the last build has listed and written stays.
    /// </summary>
    /// <param name="script">The script.</param>
    /// <param name="pipes">A folder: <c>dotnet build</c> writes to the pipe <c>started</c> in it, and reads the pipe <c>go</c>.</param>
    /// <param name="arguments">The arguments of the script.</param>
    public ProcessStartInfo StartWithoutCompiler(StartScript script, string? pipes = null, params IReadOnlyList<string> arguments)
    {
        var lists = Path.Combine(_parent.FullName, "lists");
        var programs = Path.Combine(_parent.FullName, "programs");
        if (!Directory.Exists(lists))
        {
            Directory.CreateDirectory(programs);
            Directory.CreateDirectory(lists);
            foreach (var list in Directory.GetFiles(PathOf(".nuke/temp/sources")))
                File.Copy(list, Path.Combine(lists, Path.GetFileName(list)));
            var stub = Path.Combine(programs, "dotnet");
            File.WriteAllText(stub, """
                #!/bin/sh
                [ "$1" = build ] || exec "$REAL_DOTNET" "$@"
                cp "$LISTS"/* .nuke/temp/sources/
                [ -n "$PIPES" ] || exit 0
                echo started > "$PIPES/started"
                cat "$PIPES/go"
                """);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(stub, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var start = script.StartWith(programs, Root, arguments);
        start.WorkingDirectory = Root;
        start.Environment["REAL_DOTNET"] = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Environment.ProcessPath!;
        start.Environment["LISTS"] = lists;
        start.Environment["PIPES"] = pipes ?? "";
        return start;
    }

    /// <summary>Runs any program in the repository, without what these tests were told about the feed.</summary>
    public Task<BuildRun> RunAsync(ProcessStartInfo start, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        Prepare(start, folder);
        return RepositoryClone.RunBuildAsync(start, environment ?? new Dictionary<string, string>());
    }

    /// <summary>Sets the folder of a process, and the variables of the feed.</summary>
    public void Prepare(ProcessStartInfo start, string? folder = null)
    {
        start.WorkingDirectory = folder ?? Root;
        start.Environment.Remove("ClosedFeed");
        start.Environment.Remove("BuildSystem");
        // No packages of this machine, because NUKE might be among them.
        start.Environment["NUGET_PACKAGES"] = Path.Combine(_parent.FullName, "packages");
    }

    public void Dispose() => _parent.Delete(recursive: true);
}
