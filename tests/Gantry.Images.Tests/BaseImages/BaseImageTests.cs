using System.Text;
using System.Text.Json.Nodes;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Images.Tests.BaseImages;

public sealed class BaseImageTests : IAsyncLifetime
{
    private const string Base = "base.example/team/runtime:1";

    private readonly BuildFixture _build = new();
    private readonly TempFolder _cache = new();

    public BaseImageTests() => _build.Write("a", "x").Dockerfile($"FROM {Base}\nCOPY a /a\n");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _build.DisposeAsync();
        _cache.Dispose();
    }

    private static BaseImageFactory Simple(Platform? platform = null, bool docker = false) =>
        new BaseImageFactory { Platform = platform ?? Platform.LinuxAmd64, Docker = docker }.Layer(
            BaseImageFactory.File("etc/os-release", "base"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Base_layers_are_uploaded_byte_for_byte_under_OCI_media_types(bool docker)
    {
        var original = (await Simple(docker: docker).PushAsync(_build.Registries, Base)).ReadManifest();

        var built = await _build.BuildAsync();

        var manifest = built.Root.ReadManifest();
        Assert.Equal(MediaTypes.OciManifest, built.Root.Descriptor.MediaType);
        Assert.Equal(original.Layers[0].Digest, manifest.Layers[0].Digest);
        Assert.All(manifest.Layers, layer => Assert.Equal(MediaTypes.OciLayerGzip, layer.MediaType));
        var image = await ImageContents.ReadAsync(_build.Target, built.Root.Descriptor.Digest);
        Assert.Equal("base", image.Layers[0][0].Text);
    }

    [Fact]
    public async Task The_base_image_is_pinned_reported_and_annotated()
    {
        var index = await BaseImageFactory.PushIndexAsync(_build.Registries, Base, Simple(), Simple(Platform.Parse("linux/arm64/v8")));

        var built = await _build.BuildAsync(request => request with { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] });

        Assert.Equal($"{Base}@{index.Descriptor.Digest}", built.BaseImage!.ToString());
        Assert.False(built.StandIn);
        var annotations = built.Root.ReadIndex().Annotations!;
        Assert.Equal(Base, annotations["org.opencontainers.image.base.name"]);
        Assert.Equal(index.Descriptor.Digest.ToString(), annotations["org.opencontainers.image.base.digest"]);
        var arm = await ImageContents.ReadAsync(_build.Target, built.Root.ReadIndex().Manifests[1].Digest);
        Assert.Equal("arm64", (string)arm.Config["architecture"]!);
        Assert.Equal(index.Descriptor.Digest.ToString(), (string)arm.Container["Labels"]!["org.opencontainers.image.base.digest"]!);
    }

    [Fact]
    public async Task A_digest_overrides_the_tag()
    {
        var wanted = await Simple().PushAsync(_build.Registries, Base);
        await new BaseImageFactory().PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}@{wanted.Descriptor.Digest}\nCOPY a /a\n");

        Assert.Equal(2, (await _build.BuildAndReadAsync()).Layers.Count);
    }

    [Fact]
    public async Task An_index_without_images_runs_on_no_platform()
    {
        var index = await BaseImageFactory.PushIndexAsync(_build.Registries, Base);

        var error = await _build.FailAsync();

        Assert.Equal(
            ("GAN3008",
                $"Dockerfile:1: the base image {Base}@{index.Descriptor.Digest} does not run on linux/amd64, "
                + "and its index names no image of any platform"),
            (error.Code, error.Problem));
    }

    [Fact]
    public async Task An_inconsistent_history_is_replaced()
    {
        await Simple().PushAsync(_build.Registries, Base, config =>
        {
            config.Remove("history");
            return config;
        });

        var image = await _build.BuildAndReadAsync();

        Assert.StartsWith($"FROM {Base}@sha256:", (string)image.Config["history"]![0]!["created_by"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":null},"config":null,"history":null}""")]
    [InlineData("""{"architecture":"amd64","os":null,"rootfs":{"type":null,"diff_ids":[]},"config":{"Env":null,"Labels":{"a":null}}}""")]
    [InlineData("""{"architecture":"amd64","rootfs":null,"config":{"ExposedPorts":{"80/tcp":null},"Cmd":null,"Volumes":null}}""")]
    public async Task Null_in_a_configuration_is_read_as_other_tools_read_it(string config)
    {
        await new BaseImageFactory().PushAsync(_build.Registries, Base, _ => JsonNode.Parse(config)!.AsObject());

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(("linux", "amd64"), ((string)image.Config["os"]!, (string)image.Config["architecture"]!));
        Assert.Single(image.Layers);
    }

    [Theory]
    [InlineData("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[null]}}""")]
    [InlineData("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"config":{"Env":[null]}}""")]
    [InlineData("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[]},"history":[null]}""")]
    [InlineData("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":[],"diff_ids":[]}}""")]
    [InlineData("""{"architecture":"amd64","os":"linux"}""")]
    public async Task Null_that_means_nothing_is_refused(string config)
    {
        await new BaseImageFactory().PushRawAsync(_build.Registries, Base, config);

        Assert.Equal("GAN3009", (await _build.FailAsync()).Code);
    }

    [Theory]
    [InlineData("""{"architecture":"amd64"}""")]
    [InlineData("""{"architecture":"amd64","os":null,"variant":""}""")]
    public async Task A_platform_without_an_operating_system_is_for_linux(string platform)
    {
        var index = JsonNode.Parse((await BaseImageFactory.PushIndexAsync(_build.Registries, Base, Simple())).Bytes.Span)!;
        index["manifests"]![0]!["platform"] = JsonNode.Parse(platform);
        await PushAsync(index);

        Assert.Equal("linux", (string)(await _build.BuildAndReadAsync()).Config["os"]!);
    }

    [Theory]
    [InlineData("size", "1")]
    [InlineData("mediaType", "\"application/vnd.docker.distribution.manifest.v2+json\"")]
    public async Task An_index_that_lists_its_image_wrongly_is_refused(string member, string value)
    {
        var index = JsonNode.Parse((await BaseImageFactory.PushIndexAsync(_build.Registries, Base, Simple())).Bytes.Span)!;
        index["manifests"]![0]![member] = JsonNode.Parse(value);
        await PushAsync(index);

        Assert.Equal("GAN3009", (await _build.FailAsync()).Code);
    }

    private async Task PushAsync(JsonNode index)
    {
        var bytes = Encoding.UTF8.GetBytes(index.ToJsonString());
        await _build.Registries.Open(RegistryAddress.Parse("base.example"), "team/runtime").PutTagAsync(
            "1", ManifestContent.FromVerified(MediaTypes.OciIndex, Digest.Of(bytes), bytes), CancellationToken.None);
    }

    [Fact]
    public async Task Base_layers_that_are_indexed_and_delivered_are_not_downloaded()
    {
        _build.Options = new OciImageBuilderOptions { CacheFolder = _cache.Path };
        var manifest = (await Simple().PushAsync(_build.Registries, Base)).ReadManifest();
        var first = await _build.BuildAsync();

        // The same image, in a registry that has lost its layer.
        var damaged = new FakeBaseRegistries();
        var repository = damaged.Open(RegistryAddress.Parse("base.example"), "team/runtime");
        await CopyWithoutLayersAsync(_build.Registries.Open(RegistryAddress.Parse("base.example"), "team/runtime"), repository, manifest);
        var second = await new OciImageBuilder(damaged, _build.Options, _build.Log).BuildAsync(
            _build.Request, _build.Target, CancellationToken.None);

        Assert.Equal(first.Root.Descriptor.Digest, second.Root.Descriptor.Digest);
    }

    private static async Task CopyWithoutLayersAsync(IImageRepository from, IImageRepository to, Manifest manifest)
    {
        await to.PutBlobAsync(manifest.Config, token => from.OpenBlobAsync(manifest.Config, token), CancellationToken.None);
        await to.PutTagAsync("1", (await from.FindManifestAsync("1", CancellationToken.None))!, CancellationToken.None);
    }

    [Fact]
    public async Task A_damaged_cache_is_written_again()
    {
        _build.Options = new OciImageBuilderOptions { CacheFolder = _cache.Path };
        await Simple().PushAsync(_build.Registries, Base);
        var first = await _build.BuildAsync();
        var file = Assert.Single(Directory.GetFiles(_cache.Path));
        await File.WriteAllTextAsync(file, "{\"entries\":[{");

        Assert.Equal(first.Root.Descriptor.Digest, (await _build.BuildAsync()).Root.Descriptor.Digest);
        Assert.NotEqual(13, new FileInfo(file).Length);
    }

    [Theory]
    [InlineData("runtime", "it has neither a tag nor a digest")]
    [InlineData("Runtime:1", "'Run…' (7 characters) is not a repository name")]
    [InlineData("runtime:1@sha256:1", "is not a digest")]
    [InlineData("${NONE}", "its variables are not set")]
    public async Task A_malformed_reference_is_an_error_with_its_line(string image, string problem)
    {
        _build.Dockerfile($"ARG X\nFROM {image}\n");

        var error = await _build.FailAsync();

        Assert.Equal("GAN3006", error.Code);
        Assert.StartsWith("Dockerfile:2: ", error.Problem, StringComparison.Ordinal);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_base_image_is_named()
    {
        var error = await _build.FailAsync();

        Assert.Equal("GAN3007", error.Code);
        Assert.Contains(Base, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_missing_platform_is_reported_with_those_that_exist(bool index)
    {
        if (index)
            await BaseImageFactory.PushIndexAsync(_build.Registries, Base, Simple(Platform.LinuxArm64));
        else
            await Simple(Platform.LinuxArm64).PushAsync(_build.Registries, Base);

        var error = await _build.FailAsync();

        Assert.Equal("GAN3008", error.Code);
        Assert.Contains("does not run on linux/amd64, only on linux/arm64", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_platform_fixed_in_FROM_must_match_that_of_the_build()
    {
        await Simple().PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM --platform=linux/amd64 {Base}\nCOPY a /a\n");
        await _build.BuildAsync();

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            _build.BuildAsync(request => request with { Platforms = [Platform.LinuxArm64] }));
        Assert.Contains("fixed to linux/amd64", error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a header that claims too much", "has a header of", "GAN3030")]
    [InlineData("a path without end", "it has a path of 1000001 characters")]
    [InlineData("no gzip", "is malformed")]
    [InlineData("no tar", "is malformed")]
    [InlineData("layers that do not add up", "has 1 layer and its configuration 0")]
    [InlineData("a configuration of another kind", "its configuration is malformed")]
    public async Task An_unusable_base_image_is_refused(string damage, string problem, string code = "GAN3009")
    {
        var image = Simple();
        image = damage switch
        {
            "a header that claims too much" => image.RawLayer(HeaderThatClaims("77777777777"), Digest.Of([1]), MediaTypes.OciLayer),
            "a path without end" => image.Layer(BaseImageFactory.File(string.Concat(Enumerable.Repeat("a/", 500_000)) + "a")),
            "no gzip" => image.RawLayer("no gzip at all"u8.ToArray(), Digest.Of([1]), MediaTypes.OciLayerGzip),
            "no tar" => image.RawLayer(Encoding.UTF8.GetBytes(new string('x', 2000)), Digest.Of([1]), MediaTypes.OciLayer),
            _ => image,
        };
        await image.PushAsync(_build.Registries, Base, config => damage switch
        {
            "layers that do not add up" => With(config, "rootfs", new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() }),
            "a configuration of another kind" => With(config, "rootfs", "none"),
            _ => config,
        });

        var error = await _build.FailAsync();

        Assert.Equal(code, error.Code);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_image_with_ONBUILD_needs_an_engine()
    {
        await Simple().PushAsync(
            _build.Registries, Base, config => With(config, "config", new JsonObject { ["OnBuild"] = new JsonArray("RUN x") }));

        var error = await _build.FailAsync();

        Assert.Equal("GAN3003", error.Code);
        Assert.Contains("has ONBUILD instructions", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_image_that_is_compressed_with_zstd_is_read_and_keeps_its_layers()
    {
        var pushed = await new BaseImageFactory { Zstd = true }
            .Layer(BaseImageFactory.Directory("srv/", "700"), BaseImageFactory.File("etc/passwd", "app:x:1654:1655::/:\n"))
            .PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}\nCOPY --chown=app a /srv/\n");

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(["srv/ 700 0:0", "srv/a 644 1654:1655"], image.LastLayer.Select(entry => entry.Line));
        Assert.Equal(MediaTypes.OciLayerZstd, (string?)image.Manifest["layers"]![0]!["mediaType"]);
        Assert.Equal(pushed.ReadManifest().Layers[0].Digest.ToString(), (string?)image.Manifest["layers"]![0]!["digest"]);
    }

    [Fact]
    public async Task Whiteouts_remove_entries_of_lower_layers()
    {
        await new BaseImageFactory()
            .Layer(
                BaseImageFactory.Directory("gone/", "700"), BaseImageFactory.File("gone/deep/er/file", "1"),
                BaseImageFactory.Directory("gone/deep/er/dir/", "700"),
                BaseImageFactory.Directory("goner/", "700"), BaseImageFactory.Directory("emptied/", "700"),
                BaseImageFactory.Directory("emptied/below/", "700"))
            .Layer(BaseImageFactory.File(".wh.gone"), BaseImageFactory.File("emptied/.wh..wh..opq"))
            .Layer(BaseImageFactory.Directory("gone/", "711"))
            .PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}\nCOPY a /gone/deep/er/dir/\nCOPY a /goner/\nCOPY a /emptied/below/\n");

        var layers = (await _build.BuildAndReadAsync()).Layers;

        Assert.Equal(
            ["gone/ 711 0:0", "gone/deep/ 755 0:0", "gone/deep/er/ 755 0:0", "gone/deep/er/dir/ 755 0:0", "gone/deep/er/dir/a 644 0:0"],
            layers[^3].Select(entry => entry.Line));
        Assert.Equal(["goner/ 700 0:0", "goner/a 644 0:0"], layers[^2].Select(entry => entry.Line));
        Assert.Equal(["emptied/ 700 0:0", "emptied/below/ 755 0:0", "emptied/below/a 644 0:0"], layers[^1].Select(entry => entry.Line));
    }

    [Fact]
    public async Task An_artifact_is_not_a_base_image()
    {
        var repository = _build.Registries.Open(RegistryAddress.Parse("base.example"), "team/runtime");
        var artifact = SampleImage.CreateReferrer(
            new Descriptor { MediaType = MediaTypes.OciManifest, Digest = Digest.Of([1]), Size = 1 }, "signature");
        await artifact.PushAsync(repository);
        await repository.PutTagAsync("1", artifact.Root, CancellationToken.None);

        Assert.Contains("it is not an image but an artifact", (await _build.FailAsync()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_that_point_out_of_the_image_are_resolved_in_it()
    {
        await new BaseImageFactory()
            .Layer(BaseImageFactory.Link("out", "../../../../tmp"), BaseImageFactory.Directory("tmp/", "1777"))
            .PushAsync(_build.Registries, Base);
        _build.Dockerfile($"FROM {Base}\nCOPY a /out/\n");

        Assert.Equal(["tmp/ 1777 0:0", "tmp/a 644 0:0"], (await _build.BuildAndReadAsync()).LastLayer.Select(entry => entry.Line));
    }

    [Fact]
    public async Task A_missing_context_is_named()
    {
        await Simple().PushAsync(_build.Registries, Base);

        var error = await _build.FailAsync(request => request with { Context = Path.Combine(_build.Context, "none") });

        Assert.Equal("GAN3018", error.Code);
    }

    // A pax header with that size (octal) and no content.
    private static byte[] HeaderThatClaims(string size)
    {
        var header = new byte[1024];
        Encoding.ASCII.GetBytes("paxheader").CopyTo(header, 0);
        Encoding.ASCII.GetBytes("0000644").CopyTo(header, 100);
        Encoding.ASCII.GetBytes("0000000").CopyTo(header, 108);
        Encoding.ASCII.GetBytes("0000000").CopyTo(header, 116);
        Encoding.ASCII.GetBytes(size).CopyTo(header, 124);
        Encoding.ASCII.GetBytes("00000000000").CopyTo(header, 136);
        Encoding.ASCII.GetBytes("        ").CopyTo(header, 148);
        header[156] = (byte)'x';
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(header, 257);
        Encoding.ASCII.GetBytes(Convert.ToString(header[..512].Sum(value => value), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }

    private static JsonObject With(JsonObject config, string name, JsonNode value)
    {
        config[name] = value;
        return config;
    }
}
