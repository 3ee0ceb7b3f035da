using System.Text;
using System.Text.Json.Nodes;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Cli.Tests;

/// <summary>The commands that read one image, or the tags of a repository.</summary>
public sealed class ImageCommandTests : IAsyncLifetime
{
    private const string Base = "mcr.example.com/base:1";
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session = new();
    private SampleImage _image = null!;
    private ManifestContent _index = null!;
    private SampleImage _signature = null!;

    private string App => $"oci:{_folder.Path}/app";

    public async Task InitializeAsync()
    {
        var repository = _session.Open(RegistryAddress.Parse($"oci:{_folder.Path}"), "app");
        _image = await PushAsync(repository, 1, """
            {"created":"2026-01-02T03:04:05Z","architecture":"amd64","os":"linux","config":{"User":"1000","WorkingDir":"/app",
            "Entrypoint":["dotnet","App.dll"],"Env":["A=1"],"ExposedPorts":{"8080/tcp":{}},"Labels":{"team":"shop"}},
            "rootfs":{"type":"layers","diff_ids":[]},"history":[{"created_by":"COPY app"}]}
            """);
        var other = await PushAsync(repository, 2, """{"architecture":"arm64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""");
        _index = ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests =
            [
                _image.Root.Descriptor with { Platform = Platform.LinuxAmd64 },
                other.Root.Descriptor with { Platform = Platform.LinuxArm64 },
            ],
            Annotations = new Dictionary<string, string> { ["org.opencontainers.image.base.name"] = Base },
        });
        _signature = SampleImage.CreateReferrer(_image.Root.Descriptor, "signed");
        await _signature.PushAsync(repository);
        await repository.PutTagAsync("1.10.0", _index, default);
        await repository.PutTagAsync("1.9.0", _image.Root, default);
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Tags_are_listed_with_digests_dates_and_platforms_in_the_order_of_versions()
    {
        var listed = await JsonAsync("tags", "ls", App);

        var tags = listed["tags"]!.AsArray();
        Assert.Equal(["1.9.0", "1.10.0"], tags.Select(tag => tag!["tag"]!.GetValue<string>()));
        Assert.Equal(_image.Root.Descriptor.Digest.ToString(), tags[0]!["digest"]!.GetValue<string>());
        Assert.All(tags, tag => Assert.Equal("2026-01-02T03:04:05Z", tag!["created"]!.GetValue<string>()));
        Assert.Equal(["linux/amd64", "linux/arm64"], tags[1]!["platforms"]!.AsArray().Select(each => each!.GetValue<string>()));

        var table = (await CommandRunner.RunAsync("ls", App)).EnsureSuccess().Output;
        Assert.Contains(_index.Descriptor.Digest.ToString(), table, StringComparison.Ordinal);
        Assert.Contains("2026-01-02 03:04 UTC", table, StringComparison.Ordinal);
        Assert.Equal("1.9.0\n1.10.0\n", (await CommandRunner.RunAsync("ls", App, "--names")).EnsureSuccess().Output);
        Assert.Equal("1.10.0\n", (await CommandRunner.RunAsync("ls", App, "--names", "--filter", "1.1*")).EnsureSuccess().Output);
    }

    [Fact]
    public async Task A_digest_is_written_alone()
    {
        Assert.Equal($"{_index.Descriptor.Digest}\n", (await CommandRunner.RunAsync("digest", $"{App}:1.10.0")).EnsureSuccess().Output);
        foreach (var tag in (string[])["1.9.0", "1.10.0"])
        {
            var chosen = await CommandRunner.RunAsync("digest", $"{App}:{tag}", "--platform", "linux/amd64", "--full");
            Assert.Equal($"{App}@{_image.Root.Descriptor.Digest}\n", chosen.EnsureSuccess().Output);
        }

        Assert.Equal(
            _image.Root.Descriptor.Digest.ToString(), (await JsonAsync("digest", "digest", $"{App}:1.9.0"))["digest"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_image_of_one_platform_is_copied_and_verified_by_its_platform()
    {
        var copied = await CommandRunner.RunAsync("copy", $"{App}:1.9.0", $"oci:{_folder.Path}/copy", "--platform", "linux/amd64");
        Assert.DoesNotContain("platform", copied.EnsureSuccess().Output, StringComparison.Ordinal);
        Assert.Equal(
            $"{_image.Root.Descriptor.Digest}\n", (await CommandRunner.RunAsync("digest", $"oci:{_folder.Path}/copy:1.9.0")).Output);
        (await CommandRunner.RunAsync("verify", $"{App}:1.10.0", "--platform", "linux/amd64")).EnsureSuccess();
        (await CommandRunner.RunAsync("verify", $"{App}:1.9.0", "--platform", "linux/s390x")).AssertError("GAN4036");
        (await CommandRunner.RunAsync("digest", $"{App}@{_signature.Root.Descriptor.Digest}", "--platform", "linux/amd64"))
            .AssertError("GAN4037");
    }

    [Fact]
    public async Task Inspect_shows_what_an_image_is()
    {
        var text = (await CommandRunner.RunAsync("inspect", $"{App}:1.9.0")).EnsureSuccess().Output;
        string[] expected =
        [
            "created: 2026-01-02 03:04 UTC", "linux/amd64: ", "user: 1000", "folder: /app", "entrypoint: dotnet App.dll", "ports: 8080/tcp",
            "label team: shop", "COPY app", $"referrer {_signature.Root.Descriptor.Digest}",
        ];
        Assert.All(expected, line => Assert.Contains(line, text, StringComparison.Ordinal));
        Assert.Contains(
            $"base image: {Base}",
            (await CommandRunner.RunAsync("inspect", $"{App}:1.10.0")).EnsureSuccess().Output,
            StringComparison.Ordinal);

        foreach (var tag in (string[])["1.9.0", "1.10.0"])
            await JsonAsync("inspect", "inspect", $"{App}:{tag}");
        Assert.Equal("shop", (await JsonAsync("inspect", "inspect", $"{App}:1.9.0"))["manifests"]![0]!["config"]!["labels"]!["team"]!
            .GetValue<string>());
        var config = (await CommandRunner.RunAsync("inspect", $"{App}:1.10.0", "--platform", "linux/amd64", "--config")).EnsureSuccess();
        Assert.Contains("\"WorkingDir\":\"/app\"", config.Output, StringComparison.Ordinal);
        (await CommandRunner.RunAsync("inspect", $"{App}:1.10.0", "--config")).AssertError("GAN4112");
    }

    [Fact]
    public async Task Referrers_are_listed()
    {
        var listed = await JsonAsync("referrers", "referrers", $"{App}:1.9.0");
        Assert.Equal(_signature.Root.Descriptor.Digest.ToString(), listed["referrers"]![0]!["digest"]!.GetValue<string>());

        Assert.Empty((await JsonAsync("referrers", "referrers", $"{App}:1.10.0"))["referrers"]!.AsArray());
        Assert.Single((await JsonAsync("referrers", "referrers", $"{App}:1.10.0", "--nested"))["referrers"]!.AsArray());
        Assert.Empty((await JsonAsync("referrers", "referrers", $"{App}:1.9.0", "--type", "sbom"))["referrers"]!.AsArray());
    }

    [Fact]
    public async Task Documents_and_blobs_are_written_as_they_are_stored()
    {
        var manifest = _image.Root.ReadManifest();
        Assert.Equal(
            Encoding.UTF8.GetString(_image.Root.Bytes.Span), (await CommandRunner.RunAsync("cat", $"{App}:1.9.0")).EnsureSuccess().Output);
        Assert.Equal(
            Encoding.UTF8.GetString(_image.Blobs[manifest.Config.Digest]),
            (await CommandRunner.RunAsync("cat", $"{App}:1.9.0", "--config")).EnsureSuccess().Output);
        var blob = await CommandRunner.RunAsync(
            "cat", $"{App}:1.9.0", "--blob", _signature.Root.ReadManifest().Layers[0].Digest.ToString());
        Assert.Equal("signed", blob.EnsureSuccess().Output);
        var documents = (await JsonAsync("documents", "cat", $"{App}:1.9.0"))["documents"]!;
        Assert.Equal(_image.Root.Descriptor.Digest.ToString(), documents[0]!["digest"]!.GetValue<string>());

        (await CommandRunner.RunAsync("cat", $"{App}:1.9.0", "--blob", $"sha256:{new string('0', 64)}")).AssertError("GAN4113");
        (await CommandRunner.RunAsync("cat", $"{App}:1.9.0", "--record", "release")).AssertError("GAN4114");
    }

    [Fact]
    public async Task A_tag_is_written_and_not_moved_without_a_reason()
    {
        var dry = await CommandRunner.RunAsync("tag", $"{App}:1.9.0", "1.9", "latest", "--dry-run");
        Assert.Equal(3, dry.Code);
        (await CommandRunner.RunAsync("digest", $"{App}:1.9")).AssertError("GAN4030");

        var tagged = await JsonAsync("tagging", "tag", $"{App}:1.9.0", "1.9", "latest");
        Assert.All(tagged["tags"]!.AsArray(), tag => Assert.True(tag!["changes"]!.GetValue<bool>()));
        Assert.Equal($"{_image.Root.Descriptor.Digest}\n", (await CommandRunner.RunAsync("digest", $"{App}:latest")).Output);

        (await CommandRunner.RunAsync("tag", $"{App}:1.10.0", "new", "1.9")).AssertError("GAN4035");
        (await CommandRunner.RunAsync("digest", $"{App}:new")).AssertError("GAN4030");
        (await CommandRunner.RunAsync("tag", $"{App}:1.10.0", "1.9", "--move-tag", "by hand")).EnsureSuccess();
        Assert.Equal($"{_index.Descriptor.Digest}\n", (await CommandRunner.RunAsync("digest", $"{App}:1.9")).Output);
        (await CommandRunner.RunAsync("tag", $"{App}:1.10.0", "not a tag")).AssertError("GAN1001");
    }

    [Theory]
    [InlineData("copy", "{app}:1.9.0", "oci:{folder}/quiet:1")]
    [InlineData("tag", "{app}:1.9.0", "quiet")]
    public async Task Quiet_commands_say_nothing(params string[] arguments)
    {
        var answer = await CommandRunner.RunAsync([.. arguments.Select(Fill), "--quiet"]);

        Assert.Equal((0, "", ""), (answer.Code, answer.Output, answer.Error));
    }

    [Theory]
    [InlineData("copy", "copy", "{app}:1.9.0", "oci:{folder}/other:1.9.0")]
    [InlineData("copy-plan", "copy", "{app}:1.9.0", "{app}:1.9.0", "--dry-run")]
    [InlineData("verify", "verify", "{app}:1.9.0")]
    [InlineData("gc", "gc", "oci:{folder}", "--apply")]
    public Task Other_documents_are_as_their_schemas_say(string schema, params string[] arguments) =>
        JsonAsync(schema, [.. arguments.Select(Fill)]);

    [Theory]
    [InlineData("ls", "{app}:1.9.0", "GAN4117")]
    [InlineData("ls", "oci:{folder}/none", "GAN4118")]
    [InlineData("digest", "{app}", "GAN4040")]
    [InlineData("digest", "{folder}/app:1.9.0", "GAN1010")]
    [InlineData("inspect", "./app:1.9.0", "GAN1010")]
    [InlineData("inspect", @"C:\images\app:1", "GAN1010")]
    [InlineData("inspect", "../images/app.tar", "GAN1010")]
    public async Task Errors_are_one_sentence(string command, string place, string code) =>
        (await CommandRunner.RunAsync(command, Fill(place))).AssertError(code);

    private string Fill(string text) =>
        text.Replace("{app}", App, StringComparison.Ordinal).Replace("{folder}", _folder.Path, StringComparison.Ordinal);

    private static async Task<JsonNode> JsonAsync(string schema, params string[] arguments)
    {
        var answer = (await CommandRunner.RunAsync([.. arguments, "--format", "json"])).EnsureSuccess();
        return Schemas.AssertIs(schema, answer.Output);
    }

    private static async Task<SampleImage> PushAsync(IImageRepository repository, int seed, string config)
    {
        var sample = SampleImage.Create(seed, 100);
        var manifest = sample.Root.ReadManifest();
        var bytes = Encoding.UTF8.GetBytes(config);
        var descriptor = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = Digest.Of(bytes), Size = bytes.Length };
        var image = new SampleImage(
            ManifestContent.Create(manifest with { Config = descriptor }),
            new Dictionary<Digest, byte[]>(sample.Blobs) { [descriptor.Digest] = bytes });
        await image.PushAsync(repository);
        return image;
    }
}
