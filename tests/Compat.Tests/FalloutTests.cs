using System.Text.Json;

namespace Compat.Tests;

/// <summary>Tests of compat's Fallout where it differs from NUKE by more than names.</summary>
public sealed class FalloutTests : IDisposable
{
    private readonly SampleBuild _build = SampleBuild.OnFallout();

    public void Dispose() => _build.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("Warns", "Reports", "Dynamic")]
    [InlineData("Warns", "Fails", "RunsCommand", "--host", "AzurePipelines")]
    public void The_output_is_that_of_NUKE_under_the_name_Fallout(params string[] arguments)
    {
        using var nuke = new SampleBuild();

        var expected = nuke.Run(arguments);
        var actual = _build.Run(arguments);

        Assert.Equal(expected.ExitCode, actual.ExitCode);
        var logo = expected.Output.IndexOf("NUKE Execution Engine", StringComparison.Ordinal);
        Assert.Equal(
            expected.Output[logo..].Replace("NUKE", "Fallout").Replace("version 10.1.0", "version 10.4.0").Replace(".nuke", ".fallout"),
            actual.Output[actual.Output.IndexOf("Fallout Execution Engine", StringComparison.Ordinal)..]);
    }

    [Theory]
    [InlineData(".fallout")]
    [InlineData(".nuke")]
    public void A_repository_may_keep_its_nuke_folder(string folder)
    {
        using var build = SampleBuild.OnFallout(folder);
        build.Write(folder + "/parameters.json", """{ "Text": "from the file" }""");
        build.Write(folder + "/parameters.fast.json", """{ "Number": 3 }""");

        var run = build.Run("ShowParameters", "--profile", "fast");

        Assert.Contains("Text=from the file", run.Logged);
        Assert.Contains("Number=3", run.Logged);
        Assert.Single(Directory.GetFiles(build.PathOf(folder + "/temp"), "build.*.log"));
        Assert.Equal([folder], Directory.GetDirectories(build.Root, ".*").Select(Path.GetFileName));
    }

    [Fact]
    public void The_fallout_folder_wins_over_the_nuke_folder()
    {
        Directory.CreateDirectory(_build.PathOf(".nuke"));
        _build.Write(".nuke/parameters.json", """{ "Text": "old" }""");
        _build.Write(".fallout/parameters.json", """{ "Text": "new" }""");

        Assert.Contains("Text=new", _build.Run("ShowParameters").Logged);
        Assert.False(Directory.Exists(_build.PathOf(".nuke/temp")));
    }

    [Theory]
    [InlineData("Text=x", "FALLOUT_TEXT=x")]
    [InlineData("Text=x", "NUKE_TEXT=x")]
    [InlineData("Text=x", "TEXT=x")]
    [InlineData("Text=x", "FALLOUT_TEXT=x", "TEXT=y")]
    [InlineData("Text=x", "NUKE_TEXT=x", "TEXT=y")]
    [InlineData("Text=null", "FALLOUT_TEXT=x", "NUKE_TEXT=y")]
    public void Variables_with_a_prefix_win_over_others(string expected, params string[] variables)
    {
        var environment = variables.Select(variable => variable.Split('=')).ToDictionary(parts => parts[0], parts => parts[1]);

        Assert.Contains(expected, _build.RunWith(environment, "ShowParameters").Logged);
    }

    [Fact]
    public void The_schema_describes_FalloutBuild()
    {
        _build.Run("--help");

        using var schema = JsonDocument.Parse(_build.Read(".fallout/build.schema.json"));
        var definition = schema.RootElement.GetProperty("definitions").GetProperty("FalloutBuild").GetProperty("properties");
        Assert.Equal("Disables displaying the Fallout logo", definition.GetProperty("NoLogo").GetProperty("description").GetString());
        Assert.DoesNotContain("nuke", schema.RootElement.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_folder_without_a_root_is_reported()
    {
        Directory.Delete(_build.PathOf(".fallout"), recursive: true);

        Assert.StartsWith("Could not locate '.fallout' directory", _build.Run("First").Output);
    }
}
