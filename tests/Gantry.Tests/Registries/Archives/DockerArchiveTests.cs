using System.IO.Compression;
using System.Text;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;

namespace Gantry.Tests.Registries.Archives;

/// <summary>Archives of <c>docker save</c>, in each form that engines and other tools write.</summary>
public sealed class DockerArchiveTests : IDisposable
{
    private static readonly byte[] s_layer = new TestArchive().File("hello", "world").ToArray();
    private static readonly byte[] s_config = Encoding.UTF8.GetBytes($$$"""
        {"architecture":"amd64","os":"linux","config":{"Env":["A=b"]},"created":"2024-01-01T00:00:00Z","docker_version":"20.10.24",
         "history":[{"created":"2024-01-01T00:00:00Z"}],"rootfs":{"type":"layers","diff_ids":["{{{Digest.Of(s_layer)}}}","{{{Digest.Of(s_layer)}}}"]}}
        """);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Creates an archive as engines before version 25 write it: a repeated layer is a link.</summary>
    internal static TestArchive Classic(
        string tags = "\"contoso/app:1.4.2\"", byte[]? layer = null, string? configName = null) => new TestArchive()
        .File(configName ?? $"{Digest.Of(s_config).Hex}.json", s_config)
        .Folder("one/").File("one/VERSION", "1.0").File("one/json", "{}").File("one/layer.tar", layer ?? s_layer)
        .Folder("two/").File("two/VERSION", "1.0").Link("two/layer.tar", "../one/layer.tar")
        .File(
            "manifest.json",
            $$"""[{"Config":"{{configName ?? $"{Digest.Of(s_config).Hex}.json"}}","RepoTags":[{{tags}}],"Layers":["one/layer.tar","two/layer.tar"]}]""")
        .File("repositories", "{}");

    [Fact]
    public async Task Layers_and_configuration_arrive_as_they_are_in_the_archive()
    {
        var target = await CopyAsync(Classic());

        var manifest = (await target.FindManifestAsync("v1", default))!.ReadManifest();
        Assert.Equal((MediaTypes.OciConfig, Digest.Of(s_config)), (manifest.Config.MediaType, manifest.Config.Digest));
        Assert.All(
            manifest.Layers,
            layer => Assert.Equal((MediaTypes.OciLayer, Digest.Of(s_layer), s_layer.Length), (layer.MediaType, layer.Digest, layer.Size)));
        Assert.Equal(2, manifest.Layers.Count);
        Assert.Equal(s_config, await ReadAsync(target, manifest.Config));
        Assert.Equal(s_layer, await ReadAsync(target, manifest.Layers[0]));
    }

    [Fact]
    public async Task The_same_archive_gives_the_same_digest_always()
    {
        // When this digest changes, a second push of an archive gives a new digest to all users.
        var target = await CopyAsync(Classic());
        var again = await CopyAsync(Classic(tags: ""));

        var root = (await target.FindTagAsync("v1", default))!;
        Assert.Equal(root, await again.FindTagAsync("v1", default));
        Assert.Equal(MediaTypes.OciManifest, root.MediaType);
        Assert.True(GoldenDigest == root.Digest.ToString(), $"The digest is {root.Digest}.");
    }

    [Fact]
    public async Task Compressed_layers_stay_compressed()
    {
        var packed = Gzip(s_layer);

        var target = await CopyAsync(Classic(layer: packed));

        var layer = (await target.FindManifestAsync("v1", default))!.ReadManifest().Layers[0];
        Assert.Equal((MediaTypes.OciLayerGzip, Digest.Of(packed)), (layer.MediaType, layer.Digest));
        Assert.Equal(packed, await ReadAsync(target, layer));
    }

    [Fact]
    public async Task Images_are_found_by_their_names_in_the_engine()
    {
        var file = Write(Classic(tags: "\"contoso/app:1.4.2\",\"localhost:5000/team/app:1.4.2\",\"contoso/app:latest\""));
        await using var session = new RegistrySession();

        foreach (var (repository, tag) in
            new[] { ("contoso/app", "latest"), ("app", "1.4.2"), ("localhost:5000/team/app", "1.4.2"), ("", "latest") })
            Assert.NotNull(await session.Open(Address(file), repository).FindTagAsync(tag, default));
        Assert.Null(await session.Open(Address(file), "pp").FindTagAsync("1.4.2", default));
        Assert.Equal(["1.4.2", "latest"], await session.Open(Address(file), "").ListTagsAsync(default));
        var (_, only) = await ArchivedImages.FindSingleAsync(session.Open(Address(file), ""), default);
        Assert.Null(only);
    }

    [Fact]
    public async Task An_archive_with_a_layout_inside_gives_the_manifest_that_the_engine_has()
    {
        var image = SampleImage.Create(51, 4000);
        var root = image.Root.Descriptor;
        var tar = new TestArchive().File("oci-layout", """{"imageLayoutVersion":"1.0.0"}""").File(
            $"blobs/sha256/{root.Digest.Hex}", image.Root.Bytes.Span);
        foreach (var blob in image.BlobDescriptors)
            tar.File($"blobs/sha256/{blob.Digest.Hex}", image.Blobs[blob.Digest]);

        // As engines from version 25 write it: both forms in one.
        tar.File("index.json", $$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciIndex}}}","manifests":[{"mediaType":"{{{root.MediaType}}}","digest":"{{{root.Digest}}}","size":{{{root.Size}}},
             "annotations":{"io.containerd.image.name":"docker.io/contoso/app:1.4.2","org.opencontainers.image.ref.name":"1.4.2"}}]}
            """);
        tar.File("manifest.json", """[{"Config":"blobs/sha256/0","RepoTags":["contoso/app:1.4.2"],"Layers":[]}]""");

        var target = await CopyAsync(tar);

        Assert.Equal(root.Digest, (await target.FindTagAsync("v1", default))!.Digest);
        await using var session = new RegistrySession();
        Assert.Equal(
            root.Digest, (await session.Open(Address(_folder.Combine("app.tar")), "contoso/app").FindTagAsync("1.4.2", default))!.Digest);
    }

    [Theory]
    [InlineData("GAN2029", "[", null)]
    [InlineData("GAN2029", "{}", null)]
    [InlineData("GAN2029", "null", null)]
    [InlineData("GAN2029", "[null]", null)]
    [InlineData("GAN2029", """[{"Config":null,"Layers":[]}]""", null)]
    [InlineData("GAN2029", """[{"Config":"c.json"}]""", null)]
    [InlineData("GAN2029", """[{"Config":"none.json","Layers":[]}]""", null)]
    [InlineData("GAN2029", """[{"Config":"c.json","Layers":["l.tar"]}]""", "{}")]
    [InlineData("GAN2029", """[{"Config":"c.json","Layers":["l.tar"]}]""", """{"rootfs":{"diff_ids":["sha256:x"]}}""")]
    [InlineData("GAN2029", """[{"Config":"c.json","Layers":["l.tar"]}]""", """{"rootfs":{"diff_ids":[]}}""")]
    [InlineData(
        "GAN2029",
        """[{"Config":"c.json","Layers":["none.tar"]}]""",
        """{"rootfs":{"diff_ids":["sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"]}}""")]
    [InlineData(
        "GAN2029",
        """[{"Config":"c.json","Layers":["l.tar.gz"]}]""",
        """{"rootfs":{"diff_ids":["sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"]}}""")]
    [InlineData(
        "GAN2005",
        """[{"Config":"c.json","Layers":["l.tar"]}]""",
        """{"rootfs":{"diff_ids":["sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"]}}""")]
    [InlineData(
        "GAN2031",
        """[{"Config":"c.json","Layers":["circle"]}]""",
        """{"rootfs":{"diff_ids":["sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"]}}""")]
    [InlineData("GAN2033", "[]", null)]
    public async Task An_invalid_archive_is_reported(string code, string manifest, string? config)
    {
        var tar = new TestArchive()
            .File("manifest.json", manifest)
            .File("l.tar", s_layer)
            .File("l.tar.gz", Gzip(s_layer))
            .Link("circle", "circle2")
            .Link("circle2", "circle");
        if (config is not null)
            tar.File("c.json", config);

        Assert.Equal(code, (await Assert.ThrowsAsync<GantryException>(() => CopyAsync(tar))).Code);
    }

    [Fact]
    public async Task A_changed_configuration_is_reported() =>
        Assert.Equal(
            "GAN2005",
            (await Assert.ThrowsAsync<GantryException>(() => CopyAsync(Classic(configName: $"{new string('0', 64)}.json")))).Code);

    [Fact]
    public async Task A_docker_archive_is_not_written_and_a_missing_one_is_reported()
    {
        var image = SampleImage.Create(52, 10);
        await using var session = new RegistrySession();
        var missing = session.Open(Address(_folder.Combine("none.tar")), "");
        Assert.Equal("GAN2030", (await Assert.ThrowsAsync<GantryException>(() => missing.FindTagAsync("v1", default))).Code);
        var there = session.Open(Address(Write(Classic())), "");
        Assert.Equal("GAN2034", (await Assert.ThrowsAsync<GantryException>(() => image.PushAsync(there))).Code);
    }

    [SkopeoFact]
    public async Task An_archive_of_skopeo_is_read()
    {
        await using var session = new RegistrySession();
        var layout = session.Open(RegistryAddress.Parse($"oci:{_folder.Path}"), "in");
        var copied = await CopyAsync(Classic());
        await new ImageCopier().CopyAsync(
            [new CopyRequest { Source = copied, Tag = "v1", Targets = [new CopyTarget(layout, "v1")] }], default);
        var file = _folder.Combine("skopeo.tar");
        (await Skopeo.RunAsync(["copy", $"oci:{_folder.Combine("in")}:v1", $"docker-archive:{file}:contoso/app:7"])).EnsureSuccess();

        var archive = session.Open(Address(file), "contoso/app");
        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(archive, "7", default);

        // Skopeo keeps the configuration and unpacks layers: these were not compressed.
        Assert.Empty(report.Faults);
        Assert.Equal((await copied.FindTagAsync("v1", default))!.Digest, report.Root.Digest);
    }

    private const string GoldenDigest = "sha256:f2fdb0b7997f5a2c48ecf499edd8b60d86bd20f167cec715a42fd811bb7fd9f0";

    private string Write(TestArchive tar) => _folder.Write("app.tar", tar.ToArray());

    private static RegistryAddress Address(string file) => RegistryAddress.Parse($"docker-archive:{file}");

    private async Task<IImageRepository> CopyAsync(TestArchive tar)
    {
        await using var session = new RegistrySession();
        var archive = session.Open(Address(Write(tar)), "");
        var (digest, _) = await ArchivedImages.FindSingleAsync(archive, default);
        var target = new MemoryRepository("to.test", "to.test/app");
        var outcomes = await new ImageCopier().CopyAsync(
            [new CopyRequest { Source = archive, Digest = digest, Targets = [new CopyTarget(target, "v1")] }], default);
        return outcomes[0].Error is { } error ? throw error : target;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }

    private static async Task<byte[]> ReadAsync(IImageRepository repository, Descriptor blob)
    {
        await using var stream = await repository.OpenBlobAsync(blob, default);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }
}
