using Gantry.Cli.Completion;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

public sealed class CompletionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("completion,copy", "co")]
    [InlineData("bash,fish,install,powershell,zsh", "completion", "")]
    [InlineData("--plain-http,--platform", "inspect", "--pl")]
    [InlineData("--quiet", "inspect", "--qu")]
    [InlineData("auto,bars,lines,none", "copy", "--progress", "")]
    [InlineData("--format=json", "copy", "a/b:c", "--format=js")]
    [InlineData("linux/amd64,linux/arm64,linux/arm/v7", "digest", "--platform", "linux/")]
    [InlineData("oci:,oci-archive:", "copy", "oci")]
    [InlineData("bash,zsh,fish,powershell", "completion", "install", "")]
    [InlineData("", "copy", "--move-tag", "")]
    [InlineData("", "no-such-command", "--", "x")]
    public async Task What_can_follow_is_listed(string expected, params string[] words)
    {
        var answer = (await CommandRunner.RunAsync(["__complete", "--", .. words])).EnsureSuccess();

        var values = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]);
        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries), values);
        Assert.Empty(answer.Error);
    }

    [Fact]
    public async Task Folders_with_images_are_listed()
    {
        _folder.Write("images/app/oci-layout", "{}"u8);
        _folder.Write("images/empty/readme.txt", "x"u8);
        _folder.Write("images/all.tar", "x"u8);
        var folder = _folder.Combine("images");

        var layouts = await CommandRunner.RunAsync("__complete", "--", "inspect", $"oci:{folder}/");
        var archives = await CommandRunner.RunAsync("__complete", "--", "inspect", $"oci-archive:{folder}/al");

        Assert.Equal($"oci:{folder}/app\tan image layout\noci:{folder}/empty/\t\n", layouts.Output);
        Assert.Equal($"oci-archive:{folder}/all.tar\t\n", archives.Output);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("powershell")]
    public async Task Each_shell_has_a_script_in_plain_ASCII(string shell)
    {
        var script = (await CommandRunner.RunAsync("completion", shell)).EnsureSuccess().Output;

        Assert.Contains("__complete", script, StringComparison.Ordinal);
        Assert.DoesNotContain(script, sign => sign is > '~' or (< ' ' and not '\n'));
    }

    [Theory]
    [InlineData("Bash")]
    [InlineData("Zsh")]
    [InlineData("Fish")]
    [InlineData("Powershell")]
    public void What_is_installed_twice_is_there_once(string name)
    {
        var shell = Enum.Parse<Shell>(name);
        var target = CompletionTarget.Of(shell, _folder.Path, _ => null, _ => false);
        Assert.StartsWith(_folder.Path, target.Script, StringComparison.Ordinal);
        if (target.Profile is { } profile && profile.StartsWith(_folder.Path, StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(profile)!);
            File.WriteAllText(profile, "mine=1");
        }

        Install("script 1");
        Install("script 2");

        Assert.Equal("script 2", File.ReadAllText(target.Script));
        Assert.Empty(new CompletionInstaller(target, "script 2").Plan());
        if (target is { Profile: { } changed, Line: { } line })
            Assert.Equal(
                $"mine=1\n# >>> gantry completion >>>\n{line}\n# <<< gantry completion <<<\n", File.ReadAllText(changed));

        void Install(string script)
        {
            foreach (var file in new CompletionInstaller(target, script).Plan())
                CompletionInstaller.Write(file);
        }
    }

    [Fact]
    public async Task A_program_reads_what_would_be_installed()
    {
        var planned = await CommandRunner.RunAsync("completion", "install", "fish", "--dry-run", "--format", "json");

        Assert.True(planned.Code is 0 or 3, planned.Error);
        Assert.Equal("fish", (string?)Schemas.AssertIs("completion", planned.Output)["shell"]);
    }

    [Theory]
    [InlineData("/bin/bash", "Bash")]
    [InlineData("/usr/bin/zsh", "Zsh")]
    [InlineData("/usr/local/bin/fish", "Fish")]
    [InlineData("/usr/bin/pwsh", "Powershell")]
    public void The_shell_of_the_user_is_found(string path, string expected) =>
        Assert.Equal(Enum.Parse<Shell>(expected), CompletionCommand.FindShell(_ => path));

    [Fact]
    public void A_shell_without_a_script_is_an_error() =>
        Assert.Equal("GAN4121", Assert.Throws<GantryException>(() => CompletionCommand.FindShell(_ => "/bin/tcsh")).Code);

    // The words of a location have colons, at which bash breaks them.
    [UnixFact]
    public async Task Bash_completes_the_words_of_a_location()
    {
        _folder.Write("images/app/oci-layout", "{}"u8);
        var script = _folder.Write("gantry.bash", System.Text.Encoding.ASCII.GetBytes(CompletionScripts.Of(Shell.Bash)));
        var program = _folder.Write(
            "bin/gantry", "#!/bin/sh\nshift 2\nfor word in \"$@\"; do last=$word; done\nprintf '%s\\tx\\n' \"${last}app\"\n"u8);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var result = await ChildProcess.RunAsync(
            "bash",
            [
                "--norc", "-c",
                $". '{script}'; COMP_LINE='{program} inspect oci:images/'; COMP_POINT=${{#COMP_LINE}}; "
                    + $"COMP_WORDS=('{program}' inspect oci : images/); COMP_CWORD=4; _gantry_complete; echo \"${{COMPREPLY[0]}}\"",
            ],
            new Dictionary<string, string>(),
            CancellationToken.None);

        Assert.Equal("images/app\n", result.EnsureSuccess().Output);
    }
}
