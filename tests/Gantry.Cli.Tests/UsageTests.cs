using System.Text.RegularExpressions;

namespace Gantry.Cli.Tests;

/// <summary>Command lines that cannot be read: how the command is written is one line, and the error is last and alone.</summary>
public sealed partial class UsageTests
{
    [Theory]
    [InlineData("GAN4100", "did you mean gantry copy?", "copi")]
    [InlineData("GAN4100", "did you mean gantry verify?", "verfiy", "a/b:c")]
    [InlineData("GAN4100", "gantry --help lists the commands", "zzzzzzzzzzzz")]
    [InlineData("GAN4101", "did you mean --platform?", "copy", "--platfrom", "linux/amd64", "a/b:c", "d/e")]
    [InlineData("GAN4101", "did you mean --verbose?", "inspect", "--verbos", "a/b:c")]
    [InlineData("GAN4101", "gantry ls --help lists its options", "ls", "--wholly-unknown=1", "a/b")]
    [InlineData("GAN4102", "gantry inspect <image> [options]", "inspect", "a/b:c", "d/e:f")]
    [InlineData("GAN4103", "<source>", "copy")]
    [InlineData("GAN4103", "<target>", "copy", "a/b:c")]
    [InlineData("GAN4103", "use one of bash, zsh", "completion")]
    [InlineData("GAN4104", "--move-tag needs a value", "copy", "a/b:c", "d/e", "--move-tag")]
    [InlineData("GAN4105", "did you mean json?", "copy", "a/b:c", "d/e", "--format", "jsn")]
    [InlineData("GAN4105", "use one of auto, bars, lines, none", "copy", "a/b:c", "d/e", "--progress", "sometimes")]
    [InlineData("GAN4105", "write a whole number", "copy", "a/b:c", "d/e", "--concurrency", "many")]
    [InlineData("GAN4105", "use one of bash, zsh, fish, powershell", "completion", "install", "tcsh-with-a-long-name")]
    [InlineData("GAN4106", "--concurrency is there more than once", "copy", "a/b:c", "d/e", "--concurrency", "1", "--concurrency", "2")]
    [InlineData("GAN4107", "--concurrency must be between 1 and 64", "copy", "a/b:c", "d/e", "--concurrency", "0")]
    [InlineData("GAN4107", "Either --policy or --key", "verify", "a/b:c", "--policy", "dev", "--key", "k")]
    public async Task A_wrong_command_line_is_one_error_below_one_line(string code, string says, params string[] arguments)
    {
        var answer = await CommandRunner.RunAsync(arguments);

        Assert.Equal((2, ""), (answer.Code, answer.Output));
        Assert.Matches(UsageAndError(), answer.Error);
        Assert.Contains($"\n{code}: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotMatch(TypeName(), answer.Error);
    }

    [Theory]
    [InlineData("copy", "s3cr3t-t0ken-that-was-typed-in-the-wrong-place", "b", "--format", "s3cr3t-t0ken-that-was-typed")]
    [InlineData("s3cr3t-t0ken-that-was-typed-in-the-wrong-place")]
    public async Task What_is_no_typo_is_not_repeated(params string[] arguments) => Assert.DoesNotContain(
        "s3cr3t-t0ken", (await CommandRunner.RunAsync(arguments)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Without_a_command_there_is_help()
    {
        var answer = await CommandRunner.RunAsync();

        Assert.Equal((2, ""), (answer.Code, answer.Output));
        Assert.Contains("gantry [command]", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("copy", "--help")]
    [InlineData("completion", "--help")]
    public async Task Help_has_the_name_of_the_program(params string[] arguments)
    {
        var help = (await CommandRunner.RunAsync(arguments)).EnsureSuccess();

        Assert.Contains("  gantry", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Gantry.Cli", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("__complete", help.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(TypeName(), help.Output);
    }

    [GeneratedRegex(@"\Ausage: gantry[^\n]*\nGAN\d{4}: [^\n]+\.\n\z")]
    private static partial Regex UsageAndError();

    [GeneratedRegex(@"System\.|Gantry\.[A-Z]|Int32")]
    private static partial Regex TypeName();
}
