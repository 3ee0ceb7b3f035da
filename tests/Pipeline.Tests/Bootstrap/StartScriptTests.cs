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
        AssertFirst(first, "build=1 library=1 by=compat", "NUKE");
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

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1", IsForTheNight = true)]
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
        AssertFirst(first, "build=1 library=1 by=compat's Fallout", "Fallout");
        Assert.StartsWith("build=1 library=1 by=compat's Fallout", second.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(fresh.PathOf(".fallout/temp/closed-feed.fallout")));
        Assert.False(Directory.Exists(fresh.PathOf(".nuke")));
    }

    [Theory, StartScriptData("build.sh", IsForTheNight = true), StartScriptData("build.ps1", IsForTheNight = true)]
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
    public async Task The_build_is_compiled_again_for_each_changed_input_and_for_nothing_else(string name)
    {
        var script = StartScript.Of(name);
        await StartsAsync(script, compiles: null, "build=1 library=1 by=compat");
        // Each of these is changed back when the next one is changed.
        foreach (var file in new[]
        {
            "compat/Nuke.Common/Host.cs", "linked/Linked.cs", "linked/imported.props", "global.json", "Directory.Gantry.props",
            "build/packages.lock.json", "src/nuget.config", "src/Library/Deep/bin/Looks-like-a-folder-of-MSBuild.cs",
        })
        {
            var before = File.Exists(repository.PathOf(file)) ? repository.Read(file) : null;
            repository.Write(file, before + "\n", s_longAgo);
            Assert.True(await CompilesAsync(script), file);
            if (before is null)
                File.Delete(repository.PathOf(file));
            else
                repository.Write(file, before, s_longAgo);
        }

        // The last one has been changed back.
        Assert.True(await CompilesAsync(script));
        Assert.True(await CompilesAsync(script, Environment("ClosedFeed", "true")));
        Assert.True(await CompilesAsync(script));

        // Files that are not compiled into the program, and a file with a new date and the same content.
        foreach (var file in new[]
        {
            "src/Orders/Orders.cs", "src/Orders/New.cs", "src/Library/obj/left.txt", "linked/other.props", "README.md",
            "build/Properties/launchSettings.json",
        })
            repository.Write(file, "changed");
        File.SetLastWriteTimeUtc(repository.PathOf("build/Program.cs"), DateTime.UtcNow);
        Assert.False(await CompilesAsync(script));
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task Files_with_an_old_date_are_compiled_when_their_content_has_changed(string name)
    {
        var script = StartScript.Of(name);
        await StartsAsync(script, compiles: null, "build=1 library=1 by=compat");
        var (program, words) = (repository.Read("build/Program.cs"), repository.Read("src/Library/Words.cs"));

        repository.Write("build/Program.cs", program.Replace("build=1", "build=2", StringComparison.Ordinal), s_longAgo);
        repository.Write("src/Library/Words.cs", "namespace Library; public static partial class Words { }", s_longAgo);
        repository.Write(
            "src/Library/More.cs",
            "namespace Library; public static partial class Words { public const string All = \"library=3\"; }",
            s_longAgo);
        await StartsAsync(script, compiles: true, "build=2 library=3 by=compat");

        File.Delete(repository.PathOf("src/Library/More.cs"));
        repository.Write("build/Program.cs", program, s_longAgo);
        repository.Write("src/Library/Words.cs", words, s_longAgo);
        await StartsAsync(script, compiles: true, "build=1 library=1 by=compat");
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task Two_runs_at_once_compile_once(string name)
    {
        var script = StartScript.Of(name);
        await StartsAsync(script, compiles: null, "build=1 library=1 by=compat");
        using var folder = new TempFolder();
        repository.Write("linked/Linked.cs", "// for " + name, s_longAgo);

        (await ChildProcess.RunAsync("mkfifo", [folder.Combine("started"), folder.Combine("go")])).EnsureSuccess();

        var first = repository.RunAsync(repository.StartWithoutCompiler(script, folder.Path));
        await File.ReadAllTextAsync(folder.Combine("started"));
        var start = repository.StartWithoutCompiler(script, folder.Path);
        repository.Prepare(start);
        BuildProcess.ClearEnvironment(start);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var second = Process.Start(start)!;
        var waits = await second.StandardError.ReadLineAsync();
        await File.WriteAllTextAsync(folder.Combine("go"), "go\n");

        Assert.Contains(Compiling, (await first).Output, StringComparison.Ordinal);
        Assert.Equal("Waiting for another process that compiles the build ...", waits);
        Assert.StartsWith("build=1", await second.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Empty(await second.StandardError.ReadToEndAsync());
        await second.WaitForExitAsync();
        Assert.Equal(0, second.ExitCode);
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task The_lock_of_a_process_that_was_killed_does_not_count(string name)
    {
        var script = StartScript.Of(name);
        await StartsAsync(script, compiles: null, "build=1 library=1 by=compat");
        using var ended = Process.Start(new ProcessStartInfo("true"))!;
        await ended.WaitForExitAsync();
        repository.Write(".nuke/temp/build.lock", $"{ended.Id}\n");
        repository.Write("linked/Linked.cs", "// after a kill of " + name, s_longAgo);

        Assert.True(await CompilesAsync(script));
        Assert.False(File.Exists(repository.PathOf(".nuke/temp/build.lock")));
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task Without_NUKE_and_compat_the_package_for_such_feeds_is_named(string name)
    {
        using var fresh = new ScriptRepository();
        Directory.Delete(fresh.PathOf("compat"), recursive: true);

        var run = await fresh.RunAsync(StartScript.Of(name));

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith(
            "GAN7096: the package feed does not carry NUKE, which Gantry.Nuke needs; reference the package Gantry.ClosedFeed instead in "
                + "build/_build.csproj (docs/closed-feeds.md).",
            run.Output.TrimEnd(),
            StringComparison.Ordinal);
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1")]
    public async Task A_quiet_run_does_not_speak_of_the_compiler(string name)
    {
        var script = StartScript.Of(name);
        await StartsAsync(script, compiles: null, "build=1 library=1 by=compat");
        repository.Write("linked/Linked.cs", "// quiet for " + name, s_longAgo);

        var run = await repository.RunAsync(repository.StartWithoutCompiler(script, null, "--verbosity", "quiet"));

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("build=1", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ompil", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/Orders/Orders.csproj", false)]
    [InlineData("tests/Orders.Tests/Orders.Tests.csproj", false)]
    [InlineData("src/App/App.csproj", true)]
    [InlineData("tests/Gantry.Orders.Tests/Gantry.Orders.Tests.csproj", true)]
    public async Task Projects_of_a_team_have_the_defaults_of_the_SDK(string project, bool isOurs)
    {
        using var fresh = new ScriptRepository();
        fresh.Write(project, fresh.Read("src/Orders/Orders.csproj"));

        var run = await fresh.RunAsync(new ProcessStartInfo("dotnet",
        [
            "msbuild", fresh.PathOf(project), "-getProperty:ManagePackageVersionsCentrally", "-getProperty:TreatWarningsAsErrors",
            "-getProperty:InvariantGlobalization", "-getProperty:Product",
        ]));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(isOurs, run.Output.Contains("\"ManagePackageVersionsCentrally\": \"true\"", StringComparison.Ordinal));
        Assert.Equal(isOurs, run.Output.Contains("\"TreatWarningsAsErrors\": \"true\"", StringComparison.Ordinal));
        Assert.Equal(isOurs, run.Output.Contains("\"InvariantGlobalization\": \"true\"", StringComparison.Ordinal));
        Assert.Equal(isOurs, run.Output.Contains("\"Product\": \"Gantry\"", StringComparison.Ordinal));
    }

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1", IsForTheNight = true)]
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

    [Theory, StartScriptData("build.sh"), StartScriptData("build.ps1", IsForTheNight = true)]
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

    private static void AssertFirst(BuildRun run, string program, string missing)
    {
        var lines = run.Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(program, lines[0]);
        Assert.Equal(
            [
                Compiling,
                $"This package feed does not carry {missing}: compiling against compat/ instead (ClosedFeed=false overrides).",
            ],
            lines[^3..^1]);
        Assert.Matches(@"^Compiled the build in \d+ s\.$", lines[^1]);
    }

    private async Task<bool> CompilesAsync(StartScript script, IReadOnlyDictionary<string, string>? environment = null)
    {
        var run = await repository.RunAsync(repository.StartWithoutCompiler(script), environment);
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output.Contains(Compiling, StringComparison.Ordinal);
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
