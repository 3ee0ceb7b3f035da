using System.IO.Compression;
using System.Text;
using Gantry.Docker.Building;
using Gantry.Docker.Engine;
using Gantry.Docker.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Docker.Tests.Building;

/// <summary>The export of a built image from an engine: used as it is when valid, refused otherwise.</summary>
public sealed class ImageExportTests
{
    private static readonly byte[] s_layer = new TestArchive().File("app/run", "program").ToArray();
    private static readonly byte[] s_config = Config("linux", Digest.Of(s_layer));
    private static readonly string s_hex = Digest.Of(s_config).Hex;

    private static readonly Dictionary<string, Func<byte[]>> s_unsound = new(StringComparer.Ordinal)
    {
        ["nothing"] = () => [],
        ["no archive"] = () => Encoding.UTF8.GetBytes("<html>sign in</html>"),
        ["cut off"] = () => Saved()[..^3000],
        ["no manifest"] = () => new TestArchive().File($"{s_hex}.json", s_config).ToArray(),
        ["no image"] = () => Saved(manifest: "[]"),
        ["two images"] = () => Saved(manifest: $"[{Entry},{Entry}]"),
        ["no configuration"] = () => new TestArchive().File("manifest.json", $"[{Entry}]").File("0/layer.tar", s_layer).ToArray(),
        ["a configuration that is another"] = () => Saved(config: Config("linux", Digest.Of(s_layer), "x86")),
        ["a layer too many"] = () => Saved(manifest: $$"""[{"Config":"{{s_hex}}.json","Layers":["0/layer.tar","0/layer.tar"]}]"""),
        ["no layer"] = () => new TestArchive().File("manifest.json", $"[{Entry}]").File($"{s_hex}.json", s_config).ToArray(),
        ["a layer with other bytes"] = () => Saved(layer: new TestArchive().File("app/run", "another").ToArray()),
        ["a packed layer with other bytes"] = () => Saved(layer: Gzip(new TestArchive().File("app/run", "another").ToArray())),
        ["a packed layer that is not what its name says"] = () => Saved(
            manifest: $$"""[{"Config":"{{s_hex}}.json","Layers":["blobs/sha256/{{s_hex}}"]}]""",
            more: archive => archive.File($"blobs/sha256/{s_hex}", [0x28, 0xB5, 0x2F, 0xFD, 0, 0])),
        ["a layer that leads out"] = () => new TestArchive()
            .File("manifest.json", $"[{Entry}]")
            .File($"{s_hex}.json", s_config)
            .Link("0/layer.tar", "../../etc/passwd")
            .ToArray(),
    };

    private readonly RecordingBuildLog _log = new();
    private readonly MemoryRepository _target = new("memory", "memory/app");

    public static TheoryData<string> Unsound => [.. s_unsound.Keys];

    private static string Entry => $$"""{"Config":"{{s_hex}}.json","RepoTags":null,"Layers":["0/layer.tar"]}""";

    [Theory]
    [MemberData(nameof(Unsound))]
    public async Task An_invalid_export_is_refused_and_nothing_is_delivered(string name)
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => BuildAsync(s_unsound[name]()));

        Assert.Equal("GAN6013", error.Code);
        Assert.Contains(s_hex, error.Message, StringComparison.Ordinal);
        Assert.False(await _target.HasManifestAsync(Digest.Of(s_config), default));
    }

    [Fact]
    public async Task A_plain_layer_is_compressed_and_the_configuration_stays_as_it_is()
    {
        var manifest = (await BuildAsync(Saved())).Root.ReadManifest();

        Assert.Equal(Digest.Of(s_config), manifest.Config!.Digest);
        var layer = Assert.Single(manifest.Layers);
        Assert.Equal(MediaTypes.OciLayerGzip, layer.MediaType);
        await using var unpacked = new GZipStream(await _target.OpenBlobAsync(layer, default), CompressionMode.Decompress);
        using var content = new MemoryStream();
        await unpacked.CopyToAsync(content);
        Assert.Equal(s_layer, content.ToArray());
    }

    [Fact]
    public async Task A_compressed_layer_stays_as_it_is()
    {
        var packed = Gzip(s_layer);

        var manifest = (await BuildAsync(Saved(layer: packed))).Root.ReadManifest();

        Assert.Equal(Digest.Of(packed), Assert.Single(manifest.Layers).Digest);
    }

    [Fact]
    public async Task With_the_containerd_image_store_the_identifier_is_that_of_a_manifest()
    {
        var document = """{"schemaVersion":2}"""u8.ToArray();
        var id = Digest.Of(document);

        var built = await BuildAsync(Saved(more: archive => archive.File($"blobs/sha256/{id.Hex}", document)), id);
        var other = await Assert.ThrowsAsync<GantryException>(() =>
            BuildAsync(Saved(more: archive => archive.File($"blobs/sha256/{id.Hex}", "{}")), id));

        Assert.Equal(Digest.Of(s_config), built.Root.ReadManifest().Config!.Digest);
        Assert.Equal("GAN6013", other.Code);
    }

    private async Task<BuiltImage> BuildAsync(byte[] saved, Digest? id = null)
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY Dockerfile /\n");
        await using var scripted = await ScriptedDockerEngine.StartAsync();
        scripted.BuildOutput = $$$"""{"aux":{"ID":"{{{id ?? Digest.Of(s_config)}}}"}}""";
        scripted.SavedArchive = saved;
        using var engine = DockerEngine.Connect(DockerEndpoint.Parse(scripted.Host, "the test"));
        return await new DockerImageBuilder(engine, _log).BuildAsync(folder.Request, _target, default);
    }

    private static byte[] Saved(
        string? manifest = null, byte[]? config = null, byte[]? layer = null, Func<TestArchive, TestArchive>? more = null)
    {
        var archive = new TestArchive()
            .File("manifest.json", manifest ?? $"[{Entry}]")
            .File($"{s_hex}.json", config ?? s_config)
            .File("0/layer.tar", layer ?? s_layer);
        return (more?.Invoke(archive) ?? archive).ToArray();
    }

    private static byte[] Config(string os, Digest layer, string architecture = "amd64") =>
        Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"{{{architecture}}}","os":"{{{os}}}","rootfs":{"type":"layers","diff_ids":["{{{layer}}}"]}}""");

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }
}
