using System.Diagnostics;
using Gantry.Testing;
using Gantry.Testing.Builds;

namespace Pipeline.Tests.Bootstrap;

/// <summary>The common behaviour of build.sh, build.ps1 and build.cmd.</summary>
public sealed class StartScriptTests(ScriptRepository repository) : IClassFixture<ScriptRepository>
{
    private const string Compiling = "Compiling the build ...";

    private static readonly DateTime s_longAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task A_feed_without_NUKE_is_detected_once_and_reported_in_one_line(string name)
    {
        var script = StartScript.Of(name);
        using var fresh = new ScriptRepository();

        var first = await fresh.RunAsync(script);
        var second = await fresh.RunAsync(script);

        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Equal(
            [
                Compiling,
                "This package feed does not carry NUKE: compiling against compat/ instead (ClosedFeed=false overrides).",
                "build=1 library=1 by=compat",
            ],
            first.Output.Split('\n').Take(3).Select(line => line.TrimEnd('\r')));
        Assert.True(second.ExitCode == 0, second.Output);
        Assert.StartsWith("build=1 library=1 by=compat", second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FoldersOfNoBuild))]
    public async Task A_folder_in_which_NET_cannot_build_is_refused_before_anything_is_written(string name, string found)
    {
        using var folder = new TempFolder();
        var root = Directory.CreateDirectory(folder.Combine(name)).FullName;
        foreach (var script in new[] { "build.sh", "build.ps1" })
            File.Copy(repository.PathOf(script), Path.Combine(root, script));

        // PowerShell takes a backslash in the name of a script for a slash.
        foreach (var script in name.Contains('\\', StringComparison.Ordinal) ? ["build.sh"] : AvailableScripts())
        {
            var run = await repository.RunAsync(StartScript.Of(script).Start(root, []), folder: root);

            Assert.Equal(1, run.ExitCode);
            Assert.Equal(
                $"GAN7063: the folder '{root.Replace('\n', '?')}' has '{found}' in its path, and .NET cannot build there; "
                    + "clone to another folder.",
                run.Output.TrimEnd());
            Assert.Equal(["build.ps1", "build.sh"], Directory.GetFileSystemEntries(root).Select(Path.GetFileName).Order());
        }
    }

    public static TheoryData<string, string> FoldersOfNoBuild() => OperatingSystem.IsWindows() ? [] : new()
    {
        { "a;b", ";" },
        { "a%41b", "%41" },
        { "a%3bb", "%3b" },
        { "a\"b", "\"" },
        { "a|b", "|" },
        { "a*b", "*" },
        { "a?b", "?" },
        { "a:b", ":" },
        { "a\\b", "\\" },
        { "@(a)", "@(" },
        { "%(a)", "%(" },
        { "a\nb", "?" },
    };

    private static IEnumerable<string> AvailableScripts() =>
        RequiredProgram.FindSkipReason(RequiredProgram.PowerShell) is null ? ["build.sh", "build.ps1"] : ["build.sh"];

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task ClosedFeed_overrides_the_detection(string name)
    {
        var script = StartScript.Of(name);
        using var fresh = new ScriptRepository();

        var packages = await fresh.RunAsync(script, Environment("ClosedFeed", "false"));
        var wrong = await fresh.RunAsync(script, Environment("ClosedFeed", "perhaps"));
        var compat = await fresh.RunAsync(script, Environment("ClosedFeed", "true"));

        Assert.Equal(1, packages.ExitCode);
        Assert.Contains("error NU1101", packages.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            "GAN7049: the packages of the build program cannot be restored; correct what the errors above name.",
            packages.Output.TrimEnd(),
            StringComparison.Ordinal);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("error GAN7040: ClosedFeed is true or false, not 'perhaps'", wrong.Output, StringComparison.Ordinal);
        Assert.True(compat.ExitCode == 0, compat.Output);
        Assert.DoesNotContain("does not carry NUKE", compat.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(fresh.PathOf(".nuke/temp"), "closed-feed*"));
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task A_repository_with_a_fallout_folder_uses_Fallout(string name)
    {
        var script = StartScript.Of(name);
        using var fresh = new ScriptRepository();
        fresh.Write(".fallout/parameters.json", "{}");

        var first = await fresh.RunAsync(script);
        var second = await fresh.RunAsync(script);

        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Equal(
            [
                Compiling,
                "This package feed does not carry Fallout: compiling against compat/ instead (ClosedFeed=false overrides).",
                "build=1 library=1 by=compat's Fallout",
            ],
            first.Output.Split('\n').Take(3).Select(line => line.TrimEnd('\r')));
        Assert.StartsWith("build=1 library=1 by=compat's Fallout", second.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(fresh.PathOf(".fallout/temp/closed-feed.fallout")));
        Assert.False(Directory.Exists(fresh.PathOf(".nuke")));
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1", IsForTheNight = true)]
    public async Task BuildSystem_overrides_the_detection_and_compiles_again(string name)
    {
        var script = StartScript.Of(name);
        await StartsAsync(script, compiles: null, "build=1 library=1 by=compat");

        var fallout = await repository.RunAsync(script, Environment("BuildSystem", "Fallout"));
        var again = await repository.RunAsync(script, Environment("BuildSystem", "Fallout"));
        var wrong = await repository.RunAsync(script, Environment("BuildSystem", "fallout"));

        Assert.True(fallout.ExitCode == 0, fallout.Output);
        Assert.Contains("build=1 library=1 by=compat's Fallout", fallout.Output, StringComparison.Ordinal);
        Assert.StartsWith("build=1 library=1 by=compat's Fallout", again.Output, StringComparison.Ordinal);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("error GAN7060: BuildSystem is Nuke or Fallout, not 'fallout'", wrong.Output, StringComparison.Ordinal);
        await StartsAsync(script, compiles: true, "build=1 library=1 by=compat");

        // Or once for the whole repository, in an MSBuild file.
        await ChangesAsync(
            script,
            "Directory.Build.props",
            text => text.Replace(
                "<Project>", "<Project><PropertyGroup><BuildSystem>Fallout</BuildSystem></PropertyGroup>", StringComparison.Ordinal),
            "build=1 library=1 by=compat's Fallout");
        await StartsAsync(script, compiles: true, "build=1 library=1 by=compat");
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task The_build_is_compiled_again_for_changed_content_only(string name)
    {
        var script = StartScript.Of(name);
        await StartsAsync(script, compiles: null, "build=1 library=1 by=compat");

        await ChangesAsync(
            script,
            "build/Program.cs",
            text => text.Replace("build=1", "build=2", StringComparison.Ordinal),
            "build=2 library=1 by=compat");
        await ChangesAsync(
            script,
            "src/Library/Words.cs",
            text => text.Replace("library=1", "library=2", StringComparison.Ordinal),
            "build=1 library=2 by=compat");
        await ChangesAsync(
            script,
            "compat/Nuke.Common/Host.cs",
            text => text.Replace("compat", "stand-in", StringComparison.Ordinal),
            "build=1 library=1 by=stand-in");
        await ChangesAsync(script, "global.json", text => text + " ", "build=1 library=1 by=compat");
        await ChangesAsync(
            script,
            "Directory.Build.props",
            text => text.Replace("</Project>", "<!-- --></Project>", StringComparison.Ordinal),
            "build=1 library=1 by=compat");

        // A file is added in a folder that only looks like one of MSBuild's, and deleted again.
        repository.Write("src/Library/Words.cs", "namespace Library; public static partial class Words { }", s_longAgo);
        repository.Write(
            "src/Library/Deep/bin/More.cs",
            "namespace Library; public static partial class Words { public const string All = \"library=3\"; }",
            s_longAgo);
        await StartsAsync(script, compiles: true, "build=1 library=3 by=compat");
        File.Delete(repository.PathOf("src/Library/Deep/bin/More.cs"));
        repository.Write(
            "src/Library/Words.cs",
            """namespace Library; public static class Words { public const string All = "library=1"; }""",
            s_longAgo);
        await StartsAsync(script, compiles: true, "build=1 library=1 by=compat");

        // Files that are not compiled into the program, and a file with a new date and the same content.
        repository.Write("src/App/App.txt", "changed");
        repository.Write("src/Library/obj/left.txt", "changed");
        repository.Write("README.md", "changed");
        File.SetLastWriteTimeUtc(repository.PathOf("build/Program.cs"), DateTime.UtcNow);
        await StartsAsync(script, compiles: false, "build=1 library=1 by=compat");
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task A_program_compiled_from_other_sources_is_not_started(string name)
    {
        var script = StartScript.Of(name);
        await StartsAsync(script, compiles: null, "build=1 library=1 by=compat");
        var before = repository.Read("build/Program.cs");

        // An editor compiles a change, and then the change is reverted.
        repository.Write("build/Program.cs", before.Replace("build=1", "build=4", StringComparison.Ordinal));
        var start = new ProcessStartInfo("dotnet", ["build", repository.PathOf("build"), "--nologo", "-p:ClosedFeed=true"])
        {
            WorkingDirectory = repository.Root,
        };
        var elsewhere = await repository.RunAsync(start);
        Assert.True(elsewhere.ExitCode == 0, elsewhere.Output);
        repository.Write("build/Program.cs", before, s_longAgo);

        await StartsAsync(script, compiles: true, "build=1 library=1 by=compat");
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task A_higher_version_is_used_when_the_feed_lacks_the_exact_one(string name)
    {
        using var fresh = new ScriptRepository();
        fresh.AddPackage("Small.Library", "1.0.1");
        var project = fresh.Read("build/_build.csproj");
        fresh.Write("build/_build.csproj", project.Replace("</Project>", """
            <ItemGroup>
              <PackageVersion Include="Small.Library" Version="1.0.0" />
              <PackageReference Include="Small.Library" />
            </ItemGroup>
            </Project>
            """, StringComparison.Ordinal));

        var run = await fresh.RunAsync(StartScript.Of(name), Environment("ClosedFeed", "true"));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("build=1 library=1 by=compat", run.Output, StringComparison.Ordinal);
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1", IsForTheNight = true)]
    public async Task A_program_that_does_not_compile_is_tried_again(string name)
    {
        var script = StartScript.Of(name);
        await StartsAsync(script, compiles: null, "build=1 library=1 by=compat");
        repository.Write("build/Broken.cs", "class {");

        var broken = await repository.RunAsync(script);
        var again = await repository.RunAsync(script);
        File.Delete(repository.PathOf("build/Broken.cs"));

        foreach (var run in new[] { broken, again })
        {
            Assert.Equal(1, run.ExitCode);
            Assert.Single(run.Output.Split('\n'), line => line.Contains("Broken.cs(1,7): error CS1001", StringComparison.Ordinal));
            Assert.EndsWith(
                "GAN7002: the build program does not compile; correct the errors above.", run.Output.TrimEnd(), StringComparison.Ordinal);
        }

        await StartsAsync(script, compiles: true, "build=1 library=1 by=compat");
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task A_missing_SDK_is_reported(string name)
    {
        var script = StartScript.Of(name);
        using var fresh = new ScriptRepository();
        fresh.Write("global.json", """{ "sdk": { "version": "99.0.100" } }""");

        var unfit = await fresh.RunAsync(script);
        var missing = await fresh.RunAsync(script.StartWithoutDotnet(fresh.Root));

        Assert.Equal(1, unfit.ExitCode);
        Assert.Contains("99.0.100", unfit.Output, StringComparison.Ordinal);
        Assert.Contains("GAN7001: no .NET SDK is installed that global.json accepts", unfit.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("GAN7002", unfit.Output, StringComparison.Ordinal);
        Assert.Equal(1, missing.ExitCode);
        Assert.StartsWith("GAN7001: there is no 'dotnet' on the PATH", missing.Output, StringComparison.Ordinal);
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task Arguments_exit_code_and_folder_are_passed_through(string name)
    {
        var script = StartScript.Of(name);
        string[] arguments =
            ["fail", "--move-tag", "he said \"no\"", "", "a  b\\", "c:\\d\\\"", "$HOME", "`x`", "1.10", "grün", "-verbose", "a,b"];

        var run = await repository.RunAsync(script, new Dictionary<string, string>(), Path.GetTempPath(), arguments);

        Assert.Equal(7, run.ExitCode);
        Assert.Equal(
            arguments,
            run.Output.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line is ['<', .., '>']).Select(line => line[1..^1]));
        Assert.Contains("folder=" + repository.Root, run.Output, StringComparison.Ordinal);
    }

    [PowerShellFact]
    public async Task PowerShell_does_not_convert_arguments_to_numbers()
    {
        var start = new ProcessStartInfo(
            RequiredProgram.PowerShell.RequirePath(),
            ["-NoProfile", "-Command", "./build.ps1 fail --release 1.10 --skip A,B --move-tag 'said \"no\"'; \"code=$LASTEXITCODE $PWD\""]);

        var run = await repository.RunAsync(start);

        Assert.Contains(
            "<fail>\n<--release>\n<1.10>\n<--skip>\n<A>\n<B>\n<--move-tag>\n<said \"no\">\n",
            run.Output.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        Assert.Contains("code=7 " + repository.Root, run.Output, StringComparison.Ordinal);
    }

    [PowerShellFact]
    public async Task Older_PowerShells_pass_quotes_and_empty_arguments()
    {
        // Pass arguments in this PowerShell like Windows PowerShell 5.1.
        var start = new ProcessStartInfo(
            RequiredProgram.PowerShell.RequirePath(),
            [
                "-NoProfile",
                "-Command",
                "$PSNativeCommandArgumentPassing = 'Legacy'; ./build.ps1 --move-tag 'said \"no\" here' '' 'a b\\' "
                    + "'c\\\"d' 1.10 A,B -verbose",
            ]);

        var run = await repository.RunAsync(start);

        Assert.Contains(
            "<--move-tag>\n<said \"no\" here>\n<>\n<a b\\>\n<c\\\"d>\n<1.10>\n<A>\n<B>\n<-verbose>\n",
            run.Output.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Build_cmd_works_in_a_Unix_shell()
    {
        var run = await repository.RunAsync(new ShellScript("build.cmd"), "fail", "a b");

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("<fail>\n<a b>\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_PowerShell_script_is_valid_in_Windows_PowerShell()
    {
        var text = File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "build.ps1"));

        // Windows PowerShell reads a script without a byte order mark in the machine's code page.
        Assert.All(text, letter => Assert.InRange(letter, (byte)1, (byte)127));
    }

    private async Task ChangesAsync(StartScript script, string file, Func<string, string> change, string expected)
    {
        var before = repository.Read(file);
        repository.Write(file, change(before), s_longAgo);
        await StartsAsync(script, compiles: true, expected);
        repository.Write(file, before, s_longAgo);
    }

    private async Task StartsAsync(StartScript script, bool? compiles, string expected)
    {
        var run = await repository.RunAsync(script);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
        if (compiles is { } known)
            Assert.Equal(known, run.Output.Contains(Compiling, StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Environment(string name, string value) => new() { [name] = value };
}
