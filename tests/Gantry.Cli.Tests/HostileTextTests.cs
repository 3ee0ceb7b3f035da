using System.Globalization;
using System.Text;
using System.Text.Json;
using Gantry.Oci;
using Gantry.Testing;
using Gantry.Testing.Faults;
using Microsoft.AspNetCore.Http;

namespace Gantry.Cli.Tests;

/// <summary>Nothing that others wrote acts in any output: on a terminal, on an agent, on the reader's eyes.</summary>
public sealed class HostileTextTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private ScriptedRegistry _registry = null!;

    public static TheoryData<string> Values => [.. HostileText.Values.Keys];

    /// <summary>Commands, with the parts of the output that show foreign text.</summary>
    public static TheoryData<string[], int> Commands => new()
    {
        { ["inspect", "{app}"], 0 },
        { ["inspect", "{app}", "--format", "json"], 0 },
        { ["inspect", "{app}", "--verbose"], 0 },
        { ["verify", "{app}"], 1 },
        { ["verify", "{app}", "--format", "json"], 1 },
        { ["copy", "{app}", "{refusing}", "--progress", "lines"], 1 },
        { ["copy", "{app}", "{refusing}", "--format", "json"], 1 },
        { ["copy", "{app}", "{refusing}", "oci:{folder}/b/app", "--verbose"], 1 },
        { ["copy", "{app}", "oci:{folder}/a/app", "--platform", "linux/none"], 1 },
        { ["inspect", "{text}"], 1 },
        { ["inspect", "{host}/{text}:v1"], 1 },
        { ["inspect", "{host}/app:{text}"], 1 },
        { ["inspect", "oci:{folder}/{text}:v1"], 1 },
        { ["inspect", "oci-archive:{folder}/{text}.tar"], 1 },
        { ["inspect", "docker-archive:{archive}"], 1 },
        { ["inspect", "oci:{layout}/app:none"], 1 },
        { ["copy", "{app}", "oci:{folder}/c/app", "--platform", "{text}"], 1 },
        { ["ls", "{host}/app"], 0 },
        { ["referrers", "{app}"], 0 },
        { ["cat", "{app}", "--attestation", "{text}"], 1 },
        { ["tag", "{app}", "{text}"], 1 },
        { ["__complete", "--", "inspect", "{text}"], 0 },
        { ["{text}"], 2 },
        { ["inspect", "{app}", "-{text}"], 2 },
        { ["inspect", "{app}", "{text}"], 2 },
        { ["copy", "{app}", "{app}", "--concurrency", "{text}"], 2 },
        { ["copy", "{app}", "{app}", "--format", "{text}"], 2 },
    };

    public async Task InitializeAsync() => _registry = await ScriptedRegistry.StartAsync();

    public async Task DisposeAsync()
    {
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task No_output_acts(string[] arguments, int code)
    {
        foreach (var (what, text) in HostileText.Values)
        {
            Prepare(text);

            var result = await CommandRunner.RunAsync([.. arguments.Select(argument => Fill(argument, text))]);

            AssertHarmless(what, result.Code, result.Output, result.Error);
            Assert.True(result.Code == code, $"{what}: {result.Code}, {result.Error}");
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task No_output_of_the_program_acts(string[] arguments, int code)
    {
        // Arguments of a process have no null characters.
        var text = string.Join(
            ' ', HostileText.Values.Where(pair => pair.Key is not ("null" or "lone surrogate")).Select(pair => pair.Value));
        Prepare(text);

        var result = await GantryProcess.RunAsync([.. arguments.Select(argument => Fill(argument, text))]);

        AssertHarmless("everything", result.ExitCode, result.Output, result.Error);
        Assert.True(result.ExitCode == code, $"{result.ExitCode}, {result.Error}");
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Every_fact_about_an_image_is_one_line(string what)
    {
        Prepare(HostileText.Values[what]);

        var inspected = await CommandRunner.RunAsync("inspect", Fill("{app}", ""));

        // The image, its media type, the manifest, its layer, two annotations and the referrer.
        Assert.Null(HostileText.FindFault(inspected.Output, lines: 7));
        Assert.Empty(inspected.Error);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_program_gets_the_values_as_they_are(string what)
    {
        var text = HostileText.Values[what];
        Prepare(text);

        var inspected = (await CommandRunner.RunAsync("inspect", Fill("{app}", ""), "--format", "json")).EnsureSuccess();

        using var document = JsonDocument.Parse(inspected.Output);
        var root = document.RootElement;
        Assert.Equal(Stored(text), root.GetProperty("annotations").GetProperty("plain").GetString());
        Assert.Equal($"{Stored(text)}/{Stored(text)}", root.GetProperty("manifests")[0].GetProperty("platform").GetString());
        Assert.Equal(Stored(text), root.GetProperty("referrers")[0].GetProperty("artifactType").GetString());
    }

    [Fact]
    public async Task Copies_and_verifications_are_documents_for_programs()
    {
        _registry.Store.Add("app", SampleImage.Create(1, 1000), "v1");

        using var copied = JsonDocument.Parse(
            (await CommandRunner.RunAsync("copy", Fill("{app}", ""), $"oci:{_folder.Path}/a/app", "--format", "json"))
                .EnsureSuccess().Output);
        using var verified = JsonDocument.Parse(
            (await CommandRunner.RunAsync("verify", $"oci:{_folder.Path}/a/app:v1", "--format", "json")).EnsureSuccess().Output);

        var target = Assert.Single(copied.RootElement.GetProperty("targets").EnumerateArray());
        Assert.True(target.GetProperty("succeeded").GetBoolean());
        var image = Assert.Single(target.GetProperty("images").EnumerateArray());
        Assert.Equal(2, image.GetProperty("blobsUploaded").GetInt32());
        Assert.Equal(image.GetProperty("digest").GetString(), verified.RootElement.GetProperty("digest").GetString());
        Assert.Empty(verified.RootElement.GetProperty("faults").EnumerateArray());
    }

    private static void AssertHarmless(string what, int code, string output, string error)
    {
        // Refusals of the command line are followed by the help; every other error is one line.
        Assert.True(HostileText.FindFault(output) is null, $"{what}: {HostileText.FindFault(output)} in {output}");
        Assert.True(HostileText.FindFault(error) is null, $"{what}: {HostileText.FindFault(error)} in {error}");
        if (code != 2)
            Assert.DoesNotContain(error.Split('\n'), line => line.StartsWith("forged", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private string Fill(string argument, string text) => argument
        .Replace("{app}", $"{_registry.Host}/app:v1", StringComparison.Ordinal)
        .Replace("{refusing}", $"{_registry.Host}/refusing:v1", StringComparison.Ordinal)
        .Replace("{host}", _registry.Host, StringComparison.Ordinal)
        .Replace("{folder}", _folder.Path, StringComparison.Ordinal)
        .Replace("{archive}", _folder.Combine("saved.tar"), StringComparison.Ordinal)
        .Replace("{layout}", _folder.Combine("layout"), StringComparison.Ordinal)
        .Replace("{text}", text, StringComparison.Ordinal);

    /// <summary>Writes a text wherever a registry, a folder and an archive can have one.</summary>
    private void Prepare(string text)
    {
        var json = Json(text);
        var image = SampleImage.Create(1, 1000);
        var empty = Digest.Of("{}"u8);
        var manifest = image.Root.Descriptor;
        _registry.Recover();
        _registry.Store.Manifests.Clear();
        _registry.Store.Add("app", image);
        var index = Manifest(MediaTypes.OciIndex, $$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciIndex}}}","manifests":[
              {"mediaType":"{{{manifest.MediaType}}}","digest":"{{{manifest.Digest}}}","size":{{{manifest.Size}}},
               "platform":{"os":{{{json}}},"architecture":{{{json}}}}}],
             "annotations":{{{{json}}}:"key","plain":{{{json}}}}}
            """);
        _registry.Store.Add("app", index, "v1");
        _registry.Store.Add("app", Manifest(MediaTypes.OciManifest, $$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","artifactType":{{{json}}},
             "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{{empty}}}","size":2},"layers":[],
             "subject":{"mediaType":"{{{MediaTypes.OciIndex}}}","digest":"{{{index.Descriptor.Digest}}}","size":{{{index.Descriptor.Size}}}},
             "annotations":{"plain":{{{json}}}}}
            """));
        _registry.FailAlways("POST", "/v2/refusing/", Refuse(json));
        _registry.FailAlways("PUT", "/v2/refusing/", Refuse(json));

        Directory.CreateDirectory(_folder.Combine("layout/app"));
        File.WriteAllText(_folder.Combine("layout/app/oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(_folder.Combine("layout/app/index.json"), $$$"""
            {"schemaVersion":2,"manifests":[{"mediaType":"{{{manifest.MediaType}}}","digest":"{{{manifest.Digest}}}","size":{{{manifest.Size}}},
             "annotations":{"org.opencontainers.image.ref.name":{{{json}}}}}]}
            """);
        File.WriteAllBytes(_folder.Combine("saved.tar"), new TestArchive()
            .File("manifest.json", $$$"""[{"Config":{{{json}}},"RepoTags":[{{{json}}}],"Layers":[{{{json}}}]}]""")
            .ToArray());
    }

    private static Fault Refuse(string json) => async fault =>
    {
        fault.Http.Response.StatusCode = 400;
        fault.Http.Response.ContentType = "application/json";
        await fault.Http.Response.WriteAsync($$$"""{"errors":[{"code":{{{json}}},"message":{{{json}}}}]}""");
    };

    private static ManifestContent Manifest(string mediaType, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        return ManifestContent.FromVerified(mediaType, Digest.Of(bytes), bytes);
    }

    private static string Json(string text) => $"\"{string.Concat(Stored(text).Select(letter =>
        string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}")))}\"";

    // JSON cannot hold half a character.
    private static string Stored(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
