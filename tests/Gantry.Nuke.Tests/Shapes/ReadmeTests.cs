using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Gantry.Testing;
using Gantry.Testing.Builds;

namespace Gantry.Nuke.Tests.Shapes;

/// <summary>The class in the readmes works in a project as <c>nuke :setup</c> creates it.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_readme_class_compiles_without_implicit_usings_and_promotes()
    {
        using var repository = await ShapeRepository.CreateAsync("Readme");
        await repository.WriteAsync("build/_build.csproj", Project());
        await repository.WriteAsync(
            "build/Build.cs", Common().Replace(BlockOf("src/Gantry.Nuke/README.md"), $"using {typeof(INukeBuild).Namespace};"));
        await repository.CommitAsync();

        var compiled = await ChildProcess.RunAsync(
            "dotnet", ["build", repository.PathOf("build/_build.csproj"), "--nologo", "--verbosity", "quiet"]);
        Assert.True(compiled.ExitCode == 0, compiled.Output);

        var build = repository.PathOf("build/bin/Debug/_build.dll");
        var help = await repository.RunAsync(build, "--help");
        Assert.True(help.ExitCode == 0, help.Output);
        Assert.Equal(
            [
                "Audit", "BuildImage", "Compile", "ExportEnvironments", "FindRelease", "Hold", "PromoteDev", "PromoteProd", "PublishImages",
                "PushBase", "ReleaseHold", "Restore", "ShowEnvironments", "ShowHistory", "VerifyRelease",
            ],
            help.Targets.Order(StringComparer.Ordinal));
        Assert.Equal(help.Parameters.Distinct(), help.Parameters);

        var run = await repository.RunAsync(build, "PromoteDev", "--release-version", "1.2.0");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["1.2.0"], repository.TagsIn("dev"));
    }

    [Fact]
    public void Both_readmes_name_the_same_base_class_and_components()
    {
        var head = HeadOfClass().Match(Read("src/Gantry.Nuke/README.md"));

        Assert.True(head.Success);
        Assert.Equal(head.Groups["head"].Value, HeadOfClass().Match(Read("README.md")).Groups["head"].Value);
    }

    // With what this machine has instead of packages.
    private static string Project()
    {
        string[] referenced = ["Gantry.*.dll", "Gantry.dll", $"{typeof(INukeBuild).Namespace}.dll", $"{typeof(ICompile).Namespace}.dll"];
        var references = referenced
            .SelectMany(pattern => Directory.EnumerateFiles(AppContext.BaseDirectory, pattern))
            .Where(file => !NotReferenced().IsMatch(Path.GetFileName(file)))
            .Select(file => $"<Reference Include=\"{file}\" />");
        return Read("tests/Gantry.Nuke.Tests/Shapes/_build.csproj.template")
            .Replace("@SYSTEM@", "Nuke", StringComparison.Ordinal)
            .Replace("@REFERENCES@", string.Join('\n', references), StringComparison.Ordinal);
    }

    // The first block of C#.
    private static string BlockOf(string file) => Block().Match(Read(file)).Groups["code"].Value;

    private static string Read(string file, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../..", file)).ReplaceLineEndings("\n");

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex(@"\.Tests\b|^Gantry\.(Testing|Nuke\.Shapes)\.dll$")]
    private static partial Regex NotReferenced();

    [GeneratedRegex(@"\busing \w+\.Common;")]
    private static partial Regex Common();

    [GeneratedRegex("(?<head>class Build : [A-Za-z, ]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex HeadOfClass();
}
