using Gantry.GitHubActions.Reporting;

namespace Gantry.GitHubActions.Tests.Reporting;

public class ReportingTests
{
    [Theory]
    [InlineData("GAN4021", "the tag moved", "::error title=GAN4021::the tag moved")]
    [InlineData("a:b,c%", "100%\r\n::stop-commands::x", "::error title=a%3Ab%2Cc%25::100%25%0D%0A::stop-commands::x")]
    public void A_command_is_one_line_whatever_is_in_it(string title, string message, string expected) =>
        Assert.Equal(expected, WorkflowCommand.Error(message, title).ToString());

    [Fact]
    public void A_step_writes_its_summary_and_outputs_into_the_files_of_the_runner()
    {
        var folder = Directory.CreateTempSubdirectory("runner-").FullName;
        var (summary, output) = (Path.Combine(folder, "summary"), Path.Combine(folder, "output"));
        var files = new RunnerFiles(new Dictionary<string, string> { ["GITHUB_STEP_SUMMARY"] = summary, ["GITHUB_OUTPUT"] = output });

        files.AppendSummary("## One\n");
        files.AppendSummary("## Two\n");
        files.AppendOutputs([new("version", "1.4.2"), new("digest_app", "sha256:1")]);

        Assert.Equal("## One\n\n## Two\n\n", File.ReadAllText(summary));
        Assert.Equal("version=1.4.2\ndigest_app=sha256:1\n", File.ReadAllText(output));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("version", "1\nPATH=/tmp")]
    [InlineData("a=b", "1")]
    [InlineData("a<<b", "1")]
    public void An_output_sets_no_other(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new RunnerFiles(new Dictionary<string, string>()).AppendOutputs([new(name, value)]));

    [Fact]
    public void Without_a_runner_nothing_is_written()
    {
        var files = new RunnerFiles(new Dictionary<string, string>());

        files.AppendSummary("## One");
        files.AppendOutputs([new("version", "1")]);
    }
}
