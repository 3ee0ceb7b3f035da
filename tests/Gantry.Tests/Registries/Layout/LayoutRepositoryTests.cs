using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Registries.Layout;

public sealed class LayoutRepositoryTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session;
    private readonly IImageRepository _app;
    private readonly SampleImage _image = SampleImage.Create(7, 5000, 300);

    public LayoutRepositoryTests()
    {
        _session = new RegistrySession(new RegistrySessionOptions { RootFolder = _folder.Path });
        _app = _session.Open(RegistryAddress.Parse("oci:dev"), "team/app");
    }

    public static TheoryData<string, string, string, string> Malformed => new()
    {
        { "oci-layout is not JSON", "oci-layout", "version 1", "GAN2010" },
        { "oci-layout of a later version", "oci-layout", """{"imageLayoutVersion":"2.0.0"}""", "GAN2010" },
        { "oci-layout without a version", "oci-layout", "{}", "GAN2010" },
        { "oci-layout is a list", "oci-layout", "[]", "GAN2010" },
        { "index.json is empty", "index.json", "", "GAN2010" },
        { "index.json is cut off", "index.json", """{"schemaVersion":2,"manifests":[{"media""", "GAN2010" },
        { "index.json is null", "index.json", "null", "GAN2010" },
        { "index.json is a list", "index.json", "[]", "GAN2010" },
        { "index.json has no manifests", "index.json", """{"schemaVersion":2}""", "GAN2010" },
        { "index.json has manifests that are no list", "index.json", """{"manifests":{"a":"b"}}""", "GAN2010" },
        { "index.json has an entry that is null", "index.json", """{"manifests":[null]}""", "GAN2010" },
        { "index.json has an entry that is a number", "index.json", """{"manifests":[1]}""", "GAN2010" },
        {
            "index.json has a digest that leads elsewhere",
            "index.json", """{"manifests":[{"mediaType":"a/b","digest":"sha256:../../../../etc/passwd","size":1}]}""", "GAN2010"
        },
        {
            "index.json has a digest of an unknown algorithm",
            "index.json", """{"manifests":[{"mediaType":"a/b","digest":"md5:d41d8cd98f00b204e9800998ecf8427e","size":1}]}""", "GAN2010"
        },
        { "index.json has two properties of one name", "index.json", """{"manifests":[],"manifests":[]}""", "GAN2010" },
    };

    [Theory, MemberData(nameof(Malformed))]
    public async Task A_malformed_layout_is_reported_and_not_written_to(string name, string file, string content, string code)
    {
        Assert.NotEmpty(name);
        await PushAsync("v1");
        File.WriteAllText(PathOf(file), content);

        Assert.Equal(code, (await Assert.ThrowsAsync<GantryException>(() => _app.FindManifestAsync("v1", default))).Code);
        Assert.Equal(code, (await Assert.ThrowsAsync<GantryException>(() => _app.PutTagAsync("v2", _image.Root, default))).Code);
        Assert.Equal(content, File.ReadAllText(PathOf(file)));
    }

    [Fact]
    public async Task A_folder_without_its_oci_layout_file_is_reported()
    {
        await PushAsync("v1");
        File.Delete(PathOf("oci-layout"));
        Assert.Equal("GAN2010", (await Assert.ThrowsAsync<GantryException>(() => _app.FindTagAsync("v1", default))).Code);
    }

    [Fact]
    public async Task A_tag_without_its_manifest_is_reported()
    {
        await PushAsync("v1");
        File.Delete(BlobFile(_image.Root.Descriptor.Digest));
        Assert.Equal("GAN2010", (await Assert.ThrowsAsync<GantryException>(() => _app.FindManifestAsync("v1", default))).Code);
    }

    [Fact]
    public async Task A_changed_manifest_is_reported()
    {
        await PushAsync("v1");
        Flip(BlobFile(_image.Root.Descriptor.Digest));
        Assert.Equal("GAN2005", (await Assert.ThrowsAsync<GantryException>(() => _app.FindManifestAsync("v1", default))).Code);
    }

    [Fact]
    public async Task A_changed_blob_is_never_read_to_its_end()
    {
        await PushAsync("v1");
        var layer = _image.BlobDescriptors.ElementAt(1);
        Flip(BlobFile(layer.Digest));

        await using var stream = await _app.OpenBlobAsync(layer, default);
        using var received = new MemoryStream();
        Assert.Equal("GAN2005", (await Assert.ThrowsAsync<GantryException>(() => stream.CopyToAsync(received))).Code);
        Assert.True(received.Length < layer.Size);
    }

    [Fact]
    public async Task A_truncated_blob_is_reported_and_written_again()
    {
        await PushAsync("v1");
        var layer = _image.BlobDescriptors.ElementAt(1);
        using (var file = new FileStream(BlobFile(layer.Digest), FileMode.Open))
            file.SetLength(10);

        Assert.Equal("GAN2006", (await Assert.ThrowsAsync<GantryException>(() => _app.OpenBlobAsync(layer, default))).Code);
        Assert.False(await _app.HasBlobAsync(layer, default));
        await _image.PushAsync(_app);
        Assert.True(await _app.HasBlobAsync(layer, default));
    }

    [Fact]
    public async Task Any_damage_to_a_layout_is_reported_or_harmless()
    {
        await PushAsync("v1");
        var files = new[] { "oci-layout", "index.json" }.ToDictionary(file => file, file => File.ReadAllBytes(PathOf(file)));
        Gen.Select(Gen.Bool, Gen.Int[0, 2000], Gen.Byte, Gen.Int[0, 3]).Sample(
            (isIndex, at, value, cut) =>
            {
                var file = isIndex ? "index.json" : "oci-layout";
                foreach (var (name, sound) in files)
                    File.WriteAllBytes(PathOf(name), sound);
                var damaged = files[file].ToArray();
                damaged[at % damaged.Length] = value;
                File.WriteAllBytes(PathOf(file), cut == 0 ? damaged[..(at % damaged.Length)] : damaged);
                ReadDamagedAsync().GetAwaiter().GetResult();
            },
            iter: 1000,
            threads: 1);
    }

    [UnixFact]
    public async Task Links_are_not_followed()
    {
        await PushAsync("v1");
        var layer = _image.BlobDescriptors.ElementAt(1);
        var outside = _folder.Write("outside", _image.Blobs[layer.Digest]);
        File.Delete(BlobFile(layer.Digest));
        File.CreateSymbolicLink(BlobFile(layer.Digest), outside);
        Assert.Equal("GAN2020", (await Assert.ThrowsAsync<GantryException>(() => _app.OpenBlobAsync(layer, default))).Code);

        Directory.Move(PathOf("blobs"), _folder.Combine("moved"));
        Directory.CreateSymbolicLink(PathOf("blobs"), _folder.Combine("moved"));
        Assert.Equal("GAN2020", (await Assert.ThrowsAsync<GantryException>(() => _app.FindManifestAsync("v1", default))).Code);
        Assert.Equal("GAN2020", (await Assert.ThrowsAsync<GantryException>(() => SampleImage.Create(8, 10).PushAsync(_app))).Code);
    }

    [Theory]
    [InlineData("app/blobs")]
    [InlineData("blobs")]
    [InlineData("app/index.json")]
    [InlineData("app/oci-layout/x")]
    public void A_name_inside_of_another_layout_is_refused(string name) =>
        Assert.Equal("GAN2024", Assert.Throws<GantryException>(() => _session.Open(RegistryAddress.Parse("oci:dev"), name)).Code);

    [Theory]
    [InlineData("../app")]
    [InlineData("a/../../b")]
    [InlineData("/app")]
    [InlineData("App")]
    public void An_invalid_name_is_refused(string name) =>
        Assert.Equal("GAN1008", Assert.Throws<GantryException>(() => _session.Open(RegistryAddress.Parse("oci:dev"), name)).Code);

    [Fact]
    public async Task One_tag_on_two_images_is_reported()
    {
        await PushAsync("v1");
        var other = SampleImage.Create(8, 10);
        await other.PushAsync(_app);
        await _app.PutTagAsync("v2", other.Root, default);
        File.WriteAllText(
            PathOf("index.json"), File.ReadAllText(PathOf("index.json")).Replace("\"v2\"", "\"v1\"", StringComparison.Ordinal));

        Assert.Equal("GAN2026", (await Assert.ThrowsAsync<GantryException>(() => _app.FindTagAsync("v1", default))).Code);
        await _app.PutTagAsync("v1", other.Root, default);
        Assert.Equal(other.Root.Descriptor, await _app.FindTagAsync("v1", default));
    }

    [Fact]
    public async Task Additions_of_other_tools_to_the_index_are_kept()
    {
        await PushAsync("v1");
        var index = JsonNode.Parse(File.ReadAllText(PathOf("index.json")))!.AsObject();
        index["annotations"] = new JsonObject { ["com.example.tool"] = "was here" };
        index["manifests"]![0]!["com.example.unknown"] = 42;
        File.WriteAllText(PathOf("index.json"), index.ToJsonString());

        await _app.PutTagAsync("v2", _image.Root, default);

        var after = JsonNode.Parse(File.ReadAllText(PathOf("index.json")))!;
        Assert.Equal("was here", (string?)after["annotations"]!["com.example.tool"]);
        Assert.Equal(42, (int)after["manifests"]![0]!["com.example.unknown"]!);
        Assert.Equal(["v1", "v2"], await _app.ListTagsAsync(default));
    }

    [Fact]
    public async Task Writing_existing_content_changes_no_file()
    {
        await PushAsync("v1");
        var before = Snapshot();
        await PushAsync("v1");
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Several_sessions_can_write_tags_at_once()
    {
        await PushAsync("v0");
        await Task.WhenAll(Enumerable.Range(1, 16).Select(async number =>
        {
            await using var session = new RegistrySession(new RegistrySessionOptions { RootFolder = _folder.Path });
            await session.Open(RegistryAddress.Parse("oci:dev"), "team/app").PutTagAsync($"v{number}", _image.Root, default);
        }));
        Assert.Equal(17, (await _app.ListTagsAsync(default)).Count);
    }

    [Fact]
    public async Task A_lock_held_by_another_process_is_reported_in_the_end()
    {
        await PushAsync("v1");
        await using var session = new RegistrySession(
            new RegistrySessionOptions { RootFolder = _folder.Path, LayoutLockTimeout = TimeSpan.Zero });
        await using var held = new FileStream(PathOf(".lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var thrown = await Assert.ThrowsAsync<GantryException>(() =>
            session.Open(RegistryAddress.Parse("oci:dev"), "team/app").PutTagAsync("v2", _image.Root, default));

        Assert.Equal("GAN2021", thrown.Code);
        Assert.Equal(["v1"], await _app.ListTagsAsync(default));
    }

    [Fact]
    public async Task Files_of_a_killed_process_are_removed_after_a_day()
    {
        await PushAsync("v1");
        var old = _folder.Write("dev/team/app/.partial-old", [1]);
        var recent = _folder.Write("dev/team/app/.partial-recent", [1]);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow - TimeSpan.FromDays(2));

        await _app.PutTagAsync("v2", _image.Root, default);

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(recent));
    }

    [LinuxRootFact]
    public async Task A_full_disk_is_reported_and_leaves_no_file()
    {
        using var disk = await SmallDisk.MountAsync("64k");
        var small = _session.Open(RegistryAddress.Parse($"oci:{disk.Path}"), "app");
        var image = SampleImage.Create(1, 300_000);
        var thrown = await Assert.ThrowsAsync<GantryException>(() => image.PushAsync(small));

        // The configuration, which comes first, is there; no part of the layer is.
        Assert.Equal("GAN2009", thrown.Code);
        Assert.Equal(
            ["oci-layout", image.BlobDescriptors.First().Digest.Hex],
            Directory.EnumerateFiles(disk.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [SkopeoFact]
    public async Task Skopeo_reads_a_written_layout()
    {
        await PushAsync("v1");
        await Skopeo.CopyAsync($"oci:{PathOf("")}:v1", $"oci:{_folder.Combine("copy")}:v1");

        Assert.Equal(Encoding.UTF8.GetString(_image.Root.Bytes.Span), await Skopeo.InspectRawAsync($"oci:{PathOf("")}:v1"));
        Assert.Equal(_image.Root.Descriptor, await _session.Open(RegistryAddress.Parse("oci:."), "copy").FindTagAsync("v1", default));
    }

    [SkopeoFact]
    public async Task A_layout_of_skopeo_is_read_and_extended()
    {
        await PushAsync("v1");
        await Skopeo.CopyAsync($"oci:{PathOf("")}:v1", $"oci:{_folder.Combine("copy")}:v1");
        var copy = _session.Open(RegistryAddress.Parse("oci:."), "copy");
        var signature = SampleImage.CreateReferrer(_image.Root.Descriptor, "signed");

        await signature.PushAsync(copy);
        await copy.PutTagAsync("v2", _image.Root, default);

        Assert.Equal(["v1", "v2"], await copy.ListTagsAsync(default));
        Assert.Single(await copy.ListReferrersAsync(_image.Root.Descriptor.Digest, default));
        Assert.Equal(Encoding.UTF8.GetString(_image.Root.Bytes.Span), await Skopeo.InspectRawAsync($"oci:{_folder.Combine("copy")}:v2"));
    }

    private async Task ReadDamagedAsync()
    {
        try
        {
            foreach (var tag in (await _app.ListTagsAsync(default)).Where(Names.IsTag))
                await _app.FindManifestAsync(tag, default);
            await _app.ListReferrersAsync(_image.Root.Descriptor.Digest, default);
        }
        catch (GantryException exception)
        {
            Assert.Matches("^GAN[12]", exception.Code);
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    private async Task PushAsync(string tag)
    {
        await _image.PushAsync(_app);
        await _app.PutTagAsync(tag, _image.Root, default);
    }

    private string PathOf(string file) => _folder.Combine("dev", "team", "app", file);

    private string BlobFile(Digest digest) => PathOf(Path.Combine("blobs", digest.Algorithm, digest.Hex));

    private static void Flip(string file)
    {
        var content = File.ReadAllBytes(file);
        content[^1] ^= 1;
        File.WriteAllBytes(file, content);
    }

    private List<(string, DateTime)> Snapshot() =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => (file, File.GetLastWriteTimeUtc(file)))];
}
