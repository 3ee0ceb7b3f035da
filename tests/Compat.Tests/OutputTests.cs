using System.Text.Json;

namespace Compat.Tests;

public sealed class OutputTests : IDisposable
{
    private readonly SampleBuild _build = new();

    public void Dispose() => _build.Dispose();

    [Fact]
    public Task Help() => Verify(_build.Run("--help").Output).UseDirectory("Snapshots");

    [Fact]
    public Task A_run_in_a_terminal() => Verify(_build.Run("Warns", "Reports", "Dynamic").Output).UseDirectory("Snapshots");

    [Fact]
    public Task A_run_on_Azure_Pipelines()
        => Verify(_build.Run("Warns", "Fails", "RunsCommand", "--host", "AzurePipelines").Output).UseDirectory("Snapshots");

    [Fact]
    public void Azure_Pipelines_is_recognized()
    {
        var run = _build.RunWith(new() { ["TF_BUILD"] = "True" }, "ShowParameters");
        Assert.Contains("Azure=True", run.Logged);
        Assert.Contains("Configuration=Release", run.Logged);
        Assert.Contains("##[group]ShowParameters\n", run.Output);
    }

    [Fact]
    public void The_logo_can_be_left_out()
    {
        Assert.Contains("NUKE Execution Engine", _build.Run("First").Output);
        Assert.DoesNotContain("NUKE Execution Engine", _build.Run("First", "--no-logo").Output);
    }

    [Theory]
    [InlineData("quiet", false, false)]
    [InlineData("minimal", false, true)]
    [InlineData("normal", true, true)]
    public void The_verbosity_decides_what_is_logged(string verbosity, bool information, bool warning)
    {
        var output = _build.Run("First", "Warns", "--verbosity", verbosity).Output;
        Assert.Equal(information, output.Contains("[INF] first", StringComparison.Ordinal));
        Assert.Equal(warning, output.Contains("[WRN] the image is old\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "--verbosity",
        "loud",
        "Value 'loud' could not be converted to 'Verbosity?': it is none of Verbose, Normal, Minimal, Quiet")]
    [InlineData(
        "--host",
        "Jenkins",
        "Value 'Jenkins' could not be converted to 'Host': "
            + "it is none of AzurePipelines, GitHubActions, Rider, Terminal, VisualStudio, VSCode")]
    public void An_invalid_option_ends_the_build(string name, string value, string expected)
    {
        var run = _build.Run("First", name, value);
        Assert.Equal(255, run.ExitCode);
        Assert.Contains(expected, run.Output);
        Assert.Empty(run.Logged);
    }

    [Fact]
    public void The_plan_is_written_as_a_page_and_its_path_is_printed()
    {
        var run = _build.Run("Third", "--plan");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Execution plan: {Root}/.nuke/temp/execution-plan.html\n", run.Output);
        Assert.Empty(run.Logged);
        var page = _build.Read(".nuke/temp/execution-plan.html");
        Assert.Contains("<tr><td>3</td><td class=\"planned\">Second</td><td>First</td>", page);
        Assert.Contains("<tr class=\"other\"><td></td><td>Fails</td>", page);
    }

    [Fact]
    public async Task The_schema_is_written_once()
    {
        _build.Run("--help");
        var written = File.GetLastWriteTimeUtc(_build.PathOf(".nuke/build.schema.json"));
        _build.Run("First");

        Assert.Equal(written, File.GetLastWriteTimeUtc(_build.PathOf(".nuke/build.schema.json")));
        var schema = _build.Read(".nuke/build.schema.json");
        using var document = JsonDocument.Parse(schema);
        await Verify(schema, extension: "json").UseDirectory("Snapshots");
    }

    [Fact]
    public void The_log_is_written_to_a_file()
    {
        _build.Run("First");
        var file = Assert.Single(Directory.GetFiles(_build.PathOf(".nuke/temp"), "build.*.log"));
        Assert.Matches(@"\d | I | First                | first\n", File.ReadAllText(file).ReplaceLineEndings("\n"));
    }
}
