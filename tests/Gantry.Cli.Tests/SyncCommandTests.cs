using System.Text.Json.Nodes;
using System.Xml.Linq;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>Many images to many places.</summary>
public sealed class SyncCommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();

    public async Task InitializeAsync()
    {
        for (var number = 1; number <= 3; number++)
            await PushAsync("from", "app", $"1.{number}.0", seed: number);
        await PushAsync("from", "tools", "latest", seed: 9);
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_a_file_names_is_copied_once()
    {
        var file = Write(
            $"""
            images:
              - source: {At("from")}/app
                targets: ["{At("one")}/app", "{At("two")}/mirror/app"]
                tags: {"{ semver: '>=1.2' }"}
              - source: {At("from")}/tools:latest
                targets: ["{At("one")}/tools:stable"]
            """);

        var planned = await SyncAsync(file, "--dry-run", "--format", "json");
        Assert.Equal(3, planned.Code);
        Assert.Equal(5, JsonNode.Parse(planned.Output)!["images"]!.AsArray().Count(image => (string?)image!["state"] == "wouldCopy"));
        Assert.False(Directory.Exists(_folder.Combine("one")));

        var first = JsonNode.Parse((await SyncAsync(file, "--format", "json")).EnsureSuccess().Output)!;
        var second = JsonNode.Parse((await SyncAsync(file, "--format", "json")).EnsureSuccess().Output)!;

        Assert.All(first["images"]!.AsArray(), image => Assert.Equal("copied", (string?)image!["state"]));
        Assert.All(second["images"]!.AsArray(), image => Assert.Equal("current", (string?)image!["state"]));
        Assert.Equal(["1.2.0", "1.3.0"], await TagsAsync("one", "app"));
        Assert.Equal(["1.2.0", "1.3.0"], await TagsAsync("two", "mirror/app"));
        Assert.Equal(["stable"], await TagsAsync("one", "tools"));
        foreach (var document in new[] { JsonNode.Parse(planned.Output), first, second })
            Assert.Empty(JsonRules.Validate(document, Schema("sync")));
    }

    [Fact]
    public async Task A_failure_of_one_does_not_stop_the_others()
    {
        await PushAsync("one", "app", "1.1.0", seed: 77);
        var file = Write(
            $"""
            images:
              - source: {At("from")}/app
                targets: ["{At("one")}/app"]
              - source: {At("from")}/absent:1
                targets: ["{At("one")}/absent"]
            """);

        var result = await SyncAsync(file, "--format", "junit");

        Assert.Equal(1, result.Code);
        var tests = XDocument.Parse(result.Output);
        Assert.Equal("2", tests.Root!.Attribute("failures")!.Value);
        Assert.Contains(tests.Descendants("failure"), failure => failure.Attribute("type")!.Value == "GAN4035");
        Assert.Equal(["1.1.0", "1.2.0", "1.3.0"], await TagsAsync("one", "app"));
    }

    [Fact]
    public async Task Tags_move_with_a_reason_and_with_a_file_of_regsync()
    {
        await PushAsync("one", "app", "1.1.0", seed: 77);
        var own = Write($"images: [{"{"} source: '{At("from")}/app:1.1.0', targets: ['{At("one")}/app'], moveTags: a mirror {"}"}]");
        (await SyncAsync(own)).EnsureSuccess();
        await PushAsync("two", "app", "1.1.0", seed: 77);
        var other = Write(
            $"""
            sync:
              - source: {At("from")}/app
                target: {At("two")}/app
                type: repository
                schedule: "15 3 * * *"
            """);

        var result = (await SyncAsync(other)).EnsureSuccess();

        Assert.Contains("GAN4157", result.Error, StringComparison.Ordinal);
        Assert.Contains("3 copied", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await SyncAsync(other, "--dry-run")).Code);
    }

    [Fact]
    public async Task Two_sources_of_one_target_are_refused_before_anything_is_written()
    {
        var file = Write(
            $"""
            images:
              - source: {At("from")}/app:1.1.0
                targets: ["{At("one")}/x:1"]
              - source: {At("from")}/tools:latest
                targets: ["{At("one")}/x:1"]
            """);

        (await SyncAsync(file)).AssertError("GAN4155");
        Assert.False(Directory.Exists(_folder.Combine("one")));
        (await SyncAsync(_folder.Combine("absent.yml"))).AssertError("GAN4150");
    }

    [Fact]
    public async Task A_source_without_tags_fails_and_the_others_are_copied()
    {
        var file = Write(
            $"""
            images:
              - source: {At("from")}/ap
                targets: ["{At("one")}/ap"]
              - source: {At("from")}/app
                targets: ["{At("one")}/app"]
            """);

        var result = await SyncAsync(file);

        Assert.Equal(1, result.Code);
        Assert.Contains("GAN4158: ", result.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder.Combine("one/app")));
    }

    [Fact]
    public async Task Filters_that_nothing_passes_are_a_warning_and_checks_are_there_for_other_reports_too()
    {
        var file = Write($"images: [{"{"} source: '{At("from")}/app', targets: ['{At("one")}/app'], tags: {"{ include: 9.* }"} {"}"}]");

        var result = (await SyncAsync(file, "--format", "sarif")).EnsureSuccess();

        Assert.Contains("GAN4154", result.Error, StringComparison.Ordinal);
        Assert.Equal("GAN4154", (string?)JsonNode.Parse(result.Output)!["runs"]![0]!["results"]![0]!["ruleId"]);
        Assert.Equal(2, (await CommandRunner.RunAsync("status", "--format", "junit")).Code);
        var copied = await CommandRunner.RunAsync(
            "copy", $"{At("from")}/app:1.1.0", $"{At("one")}/app:1.1.0", "--dry-run", "--format", "junit");
        Assert.Equal(3, copied.Code);
        Assert.Equal("1", XDocument.Parse(copied.Output).Root!.Attribute("tests")!.Value);
        var verified = await CommandRunner.RunAsync("verify", $"{At("from")}/app:1.1.0", "--format", "sarif");
        Assert.Equal("2.1.0", (string?)JsonNode.Parse(verified.EnsureSuccess().Output)!["version"]);
    }

    private static JsonObject Schema(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, $"docs/schemas/{name}.schema.json")))!.AsObject();

    private string At(string name) => $"oci:{_folder.Combine(name)}";

    private string Write(string text) => _folder.Write($"{Guid.NewGuid():N}.yml", System.Text.Encoding.UTF8.GetBytes(text));

    private static Task<CommandRunner.CommandResult> SyncAsync(string file, params string[] more) =>
        CommandRunner.RunAsync(["sync", file, .. more]);

    private async Task PushAsync(string registry, string name, string tag, int seed)
    {
        var repository = _session.Open(RegistryAddress.Parse(At(registry)), name);
        var image = SampleImage.Create(seed, 100, 50);
        await image.PushAsync(repository);
        await repository.PutTagAsync(tag, image.Root, default);
    }

    private async Task<IReadOnlyList<string>> TagsAsync(string registry, string name) =>
        [.. (await _session.Open(RegistryAddress.Parse(At(registry)), name).ListTagsAsync(default)).Order(StringComparer.Ordinal)];
}
