namespace Compat.Tests;

public sealed class ParameterTests : IDisposable
{
    private readonly SampleBuild _build = new();

    public void Dispose() => _build.Dispose();

    [Fact]
    public void Parameters_have_their_defaults()
        => Assert.Equal(
            [
                "Text=null", "Number=1", "MaybeNumber=null", "Flag=False", "Day=Monday", "Folder=null", "List=", "Numbers=", "Token=null",
                "Renamed=null", "Hidden=null", "Azure=False", "Configuration=Debug", "Registry=nowhere", "Retries=2"
            ],
            _build.Run("ShowParameters").Logged);

    [Theory]
    [InlineData("Text=a b", "--text", "a b")]
    [InlineData("Text=last", "--text", "first", "--text", "last")]
    [InlineData("Text=single dash", "-text", "single dash")]
    [InlineData("MaybeNumber=5", "--maybe-number", "5")]
    [InlineData("MaybeNumber=5", "--maybenumber", "5")]
    [InlineData("MaybeNumber=5", "--MaybeNumber", "5")]
    [InlineData("Flag=True", "--flag")]
    [InlineData("Flag=False", "--flag", "false")]
    [InlineData("Day=Friday", "--day", "friday")]
    [InlineData("Folder=sub/folder", "--folder", "sub/folder")]
    [InlineData("List=a|b|c", "--list", "a", "b", "c")]
    [InlineData("List=a|b|c", "--list", "a,b,c")]
    [InlineData("List=", "--list")]
    [InlineData("Numbers=1|2", "--numbers", "1+2")]
    [InlineData("Token=set", "--token", "s3cret")]
    [InlineData("Renamed=x", "--github-name", "x")]
    [InlineData("Hidden=x", "--hidden", "x")]
    [InlineData("Configuration=Release", "--configuration", "release")]
    [InlineData("Registry=ghcr.io", "--publish-registry", "ghcr.io")]
    [InlineData("Retries=7", "--publish-retries", "7")]
    public void The_command_line_sets_parameters(string expected, params string[] arguments)
        => Assert.Contains(expected, _build.Run(["ShowParameters", .. arguments]).Logged);

    [Theory]
    [InlineData("Text=x", "Text", "x")]
    [InlineData("Text=x", "NUKE_TEXT", "x")]
    [InlineData("MaybeNumber=5", "MAYBE_NUMBER", "5")]
    [InlineData("MaybeNumber=5", "NUKE_MAYBE_NUMBER", "5")]
    [InlineData("List=a|b", "LIST", "a,b")]
    [InlineData("Flag=True", "Flag", "true")]
    [InlineData("Registry=ghcr.io", "NUKE_PUBLISH_REGISTRY", "ghcr.io")]
    public void Environment_variables_set_parameters(string expected, string name, string value)
        => Assert.Contains(expected, _build.RunWith(new() { [name] = value }, "ShowParameters").Logged);

    [Theory]
    [InlineData("Text=x", """{ "Text": "x" }""")]
    [InlineData("MaybeNumber=5", """{ "MaybeNumber": 5 }""")]
    [InlineData("Flag=True", """{ "Flag": true }""")]
    [InlineData("Day=Friday", """{ "Day": "Friday" }""")]
    [InlineData("List=a|b", """{ "List": ["a", "b"] }""")]
    [InlineData("Numbers=1|2", """{ "Numbers": [1, 2] }""")]
    [InlineData("Folder=sub", """{ "Folder": "sub" }""")]
    [InlineData("Registry=ghcr.io", """{ "PublishRegistry": "ghcr.io" }""")]
    [InlineData("Text=null", """{ "Text": null }""")]
    [InlineData("Text=x", """{ /* comment */ "Text": "x", }""")]
    public void The_parameters_file_sets_parameters(string expected, string json)
    {
        _build.Write(".nuke/parameters.json", json);
        Assert.Contains(expected, _build.Run("ShowParameters").Logged);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_files()
    {
        _build.Write(".nuke/parameters.json", """{ "Text": "file", "Number": 2, "MaybeNumber": 2 }""");
        var logged = _build.RunWith(
            new() { ["NUKE_TEXT"] = "environment", ["NUKE_NUMBER"] = "3" }, "ShowParameters", "--text", "command line").Logged;

        Assert.Contains("Text=command line", logged);
        Assert.Contains("Number=3", logged);
        Assert.Contains("MaybeNumber=2", logged);
    }

    [Fact]
    public void Profiles_win_over_the_default_file_and_later_profiles_over_earlier_ones()
    {
        _build.Write(".nuke/parameters.json", """{ "Text": "default", "Number": 1, "List": ["default"] }""");
        _build.Write(".nuke/parameters.ci.json", """{ "Text": "ci", "Number": 2 }""");
        _build.Write(".nuke/parameters.fast.json", """{ "Text": "fast" }""");
        var logged = _build.Run("ShowParameters", "--profile", "ci", "fast").Logged;

        Assert.Contains("Text=fast", logged);
        Assert.Contains("Number=2", logged);
        Assert.Contains("List=default", logged);
    }

    [Fact]
    public void A_missing_profile_ends_the_build()
    {
        var run = _build.Run("ShowParameters", "--profile", "nope");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal("Profile 'nope' has no file '{Root}/.nuke/parameters.nope.json'\n", run.Output);
    }

    [Fact]
    public void A_malformed_parameters_file_ends_the_build()
    {
        _build.Write(".nuke/parameters.json", "{ nope");
        var run = _build.Run("ShowParameters");
        Assert.Equal(255, run.ExitCode);
        Assert.StartsWith("Parameters file '{Root}/.nuke/parameters.json' is no JSON: ", run.Output);
    }

    [Theory]
    [InlineData("Value 'x' could not be converted to 'int?'", "--number", "x")]
    [InlineData("Value 'Someday' could not be converted to 'DayOfWeek?': it is none of Sunday, Monday,", "--day", "Someday")]
    [InlineData("Value 'Fast' could not be converted to 'Configuration': it is none of Debug, Release", "--configuration", "Fast")]
    [InlineData("Value [ 1, 2 ] cannot be assigned to 'int?'", "--number", "1", "2")]
    public void A_value_that_cannot_be_converted_is_ignored_with_a_warning(string expected, params string[] arguments)
    {
        var run = _build.Run(["ShowParameters", .. arguments]);
        Assert.Contains("[WRN] Could not inject value for ", run.Output);
        Assert.Contains(expected, run.Output);
        Assert.Contains("Number=1", run.Logged);
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData(
        "NeedsText",
        "Target 'NeedsText' requires parameter 'Text' (A text); pass it as --text <value>, as environment variable Text, "
            + "or in .nuke/parameters.json")]
    [InlineData(
        "NeedsNumber",
        "Target 'NeedsNumber' requires parameter 'MaybeNumber' (A number or nothing); pass it as --maybe-number <value>,")]
    [InlineData("NeedsCondition", "Target 'NeedsCondition' requires '(")]
    public void A_missing_required_parameter_ends_the_build_before_any_target_runs(string target, string expected)
    {
        var run = _build.Run(target);
        Assert.Equal(255, run.ExitCode);
        Assert.Contains(expected, run.Output);
        Assert.Empty(run.Logged);
        Assert.All(run.Summary, x => Assert.EndsWith(" NotRun", x));
    }

    [Theory]
    [InlineData("text x", "NeedsText", "--text", "x")]
    [InlineData("number 0", "NeedsNumber", "--maybe-number", "0")]
    [InlineData("greater", "NeedsCondition", "--number", "6")]
    public void A_target_runs_when_its_required_parameters_are_given(string expected, params string[] arguments)
    {
        var run = _build.Run(arguments);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(expected, run.Logged);
    }

    [Fact]
    public void A_blank_value_counts_as_missing()
        => Assert.Equal(255, _build.Run("NeedsText", "--text", " ").ExitCode);

    [Fact]
    public void A_secret_is_not_shown_in_a_logged_command()
    {
        var run = _build.Run("RunsTool", "--token", "s3cret");
        Assert.Contains("dotnet --info [REDACTED]", run.Output);
        Assert.DoesNotContain("s3cret", run.Output);
    }
}
