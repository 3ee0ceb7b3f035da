using System.Text.Json.Nodes;
using Gantry.AzurePipelines.RunConfigurations;

namespace Gantry.AzurePipelines.Tests.RunConfigurations;

/// <summary>Files of editors that also contain manual entries: those are kept.</summary>
public class SharedFileTests
{
    private static readonly RunConfigurationSet Before = new()
    {
        Targets = [new("Test"), new("Deploy") { Inputs = [new("Release", "Which")] }],
    };
    private static readonly RunConfigurationSet After = new()
    {
        Targets = [new("Test") { Description = "Tests" }, new("PromoteDev") { Inputs = [new("Key", "Which")] }],
    };

    [Theory]
    [InlineData(".vscode/tasks.json", "tasks", "label", "build: Test,build: PromoteDev,build: compile the build itself,npm: serve")]
    [InlineData(".vscode/launch.json", "configurations", "name", "build: Test,build: PromoteDev,npm: serve")]
    public void Generated_entries_are_replaced_and_manual_entries_stay(string path, string list, string name, string expected)
    {
        var found = JsonNode.Parse(FileOf(Before, path).Content)!.AsObject();
        found[list]!.AsArray().Insert(0, new JsonObject { [name] = "npm: serve", ["anything"] = new JsonArray(1, "ü+") });
        found["inputs"]!.AsArray().Add(new JsonObject { ["id"] = "mine", ["type"] = "command" });
        found["compounds"] = new JsonArray();

        var merged = FileOf(After, path).ContentFor(found.ToJsonString());

        var json = JsonNode.Parse(merged)!;
        Assert.Equal(expected, string.Join(',', json[list]!.AsArray().Select(entry => (string)entry![name]!)));
        Assert.Equal(
            """[1,"ü+"]""",
            json[list]!.AsArray()[^1]!["anything"]!.ToJsonString(
                new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(["build.PromoteDev.Key", "mine"], json["inputs"]!.AsArray().Select(entry => (string)entry!["id"]!));
        Assert.NotNull(json["compounds"]);
        Assert.Equal(merged, FileOf(After, path).ContentFor(merged));
    }

    [Fact]
    public void Profiles_that_start_something_else_stay()
    {
        const string path = "build/Properties/launchSettings.json";
        var found = JsonNode.Parse(FileOf(Before, path).Content)!.AsObject();
        found["profiles"]!["Mine"] = new JsonObject { ["commandName"] = "Project", ["commandLineArgs"] = "Test --skip" };

        var merged = FileOf(After, path).ContentFor(found.ToJsonString());

        Assert.Equal(["Test", "PromoteDev", "Mine"], JsonNode.Parse(merged)!["profiles"]!.AsObject().Select(profile => profile.Key));
        Assert.Equal(merged, FileOf(After, path).ContentFor(merged));
    }

    [Theory]
    [InlineData(".vscode/tasks.json")]
    [InlineData(".vscode/launch.json")]
    [InlineData("build/Properties/launchSettings.json")]
    public void A_file_without_manual_entries_is_written_like_a_new_one(string path)
    {
        var file = FileOf(After, path);
        Assert.Equal(file.Content, file.ContentFor(null));
        Assert.Equal(file.Content, file.ContentFor(file.Content));
        Assert.Equal(JsonNode.Parse(file.Content)!["version"]?.ToString(), JsonNode.Parse(file.ContentFor("{}"))!["version"]?.ToString());
    }

    [Fact]
    public void Comments_stay_as_long_as_nothing_changes_and_are_never_lost()
    {
        var commented = "// how I like it\n" + FileOf(After, ".vscode/tasks.json").Content.Replace("  ", "\t", StringComparison.Ordinal);
        Assert.Equal(commented, FileOf(After, ".vscode/tasks.json").ContentFor(commented));

        var error = Assert.Throws<GantryException>(() => FileOf(Before, ".vscode/tasks.json").ContentFor(commented));
        Assert.Equal("GAN8062", error.Code);
        Assert.Contains(".vscode/tasks.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void A_file_without_content_gets_what_is_generated(string found) =>
        Assert.Equal(
            FileOf(After, ".vscode/tasks.json").ContentFor(null), FileOf(After, ".vscode/tasks.json").ContentFor(found));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"tasks": {}}""")]
    [InlineData("""{"a": 1, "a": 2}""")]
    public void A_file_that_cannot_be_merged_is_refused(string found) =>
        Assert.Equal("GAN8062", Assert.Throws<GantryException>(() => FileOf(After, ".vscode/tasks.json").ContentFor(found)).Code);

    private static GeneratedFile FileOf(RunConfigurationSet set, string path) =>
        RunConfigurationGenerator.Generate(set).EnsureValid().Single(file => file.Path == path);
}
