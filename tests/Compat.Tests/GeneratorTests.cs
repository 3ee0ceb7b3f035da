namespace Compat.Tests;

public sealed class GeneratorTests : IDisposable
{
    private const string Changed = "[WRN] Configuration files for AzurePipelines (sample) have changed.";

    private static readonly Dictionary<string, string> Generates = new() { ["SAMPLE_GENERATES"] = "1" };

    private readonly SampleBuild _build = new();

    public void Dispose() => _build.Dispose();

    [Fact]
    public async Task A_local_run_brings_generated_files_up_to_date()
    {
        Assert.Contains(Changed, Run("First").Output);
        Assert.DoesNotContain(Changed, Run("First").Output);

        var generated = _build.Read("sample.yml");
        _build.Write("sample.yml", "edited");
        Assert.Contains(Changed, Run("--help").Output);
        Assert.Equal(generated, _build.Read("sample.yml"));

        await Verify(generated, extension: "yml").UseDirectory("Snapshots");
    }

    [Fact]
    public void Parameters_can_change_what_is_generated()
    {
        Run("First");
        _build.Write(".nuke/parameters.json", """{ "Text": "x" }""");
        var run = _build.RunWith(new(Generates) { ["SAMPLE_GENERATOR_FAILS"] = "1" }, "First");
        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Generating the configuration for AzurePipelines (sample) failed:\nthe generator failed\n", run.Output);
    }

    [Fact]
    public void A_server_does_not_change_generated_files()
    {
        Assert.Equal(0, Run("First", "--host", "AzurePipelines").ExitCode);
        Assert.False(File.Exists(_build.PathOf("sample.yml")));
    }

    [Fact]
    public void A_single_configuration_can_be_generated()
    {
        var run = Run("--generate-configuration", "AzurePipelines_sample", "--host", "AzurePipelines");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.EndsWith("targets:\n  - ForThird\n  - Second\n  - Third\n", _build.Read("sample.yml"));
    }

    [Fact]
    public void A_missing_configuration_is_reported()
    {
        var run = Run("--generate-configuration", "Jenkins", "--host", "AzurePipelines");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal("There is no configuration with ID 'Jenkins'; known are: AzurePipelines_sample\n", run.Output);
    }

    private SampleRun Run(params string[] arguments) => _build.RunWith(Generates, arguments);
}
