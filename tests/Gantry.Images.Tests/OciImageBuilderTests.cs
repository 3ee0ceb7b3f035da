using System.Text.Json.Nodes;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Images.Tests;

public sealed class OciImageBuilderTests : IAsyncLifetime
{
    private readonly BuildFixture _build = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _build.DisposeAsync();

    [Fact]
    public async Task An_image_from_scratch_has_one_layer_for_each_copy()
    {
        _build.Write("app/run", "#!/bin/sh", executable: true).Write("app/lib/data.txt", "data").Write("motd", "hello")
            .Dockerfile("FROM scratch\nCOPY app /opt/app\nCOPY motd /etc/motd\nENTRYPOINT [\"/opt/app/run\"]\n");

        var image = await _build.BuildAndReadAsync();

        Assert.Equal(
            ["opt/ 755 0:0", "opt/app/ 755 0:0", "opt/app/lib/ 755 0:0", "opt/app/lib/data.txt 644 0:0", "opt/app/run 755 0:0"],
            image.Layers[0].Select(entry => entry.Line));
        Assert.Equal(["etc/ 755 0:0", "etc/motd 644 0:0"], image.Layers[1].Select(entry => entry.Line));
        Assert.Equal("hello", image.Layers[1][1].Text);
        Assert.All(image.Layers.SelectMany(layer => layer), entry => Assert.Equal(BuildFixture.Date, entry.ModifiedAt));
        Assert.Equal(["/opt/app/run"], image.Container["Entrypoint"]!.AsArray().Select(item => (string)item!));
        Assert.Equal("2026-03-01T12:30:15Z", (string)image.Config["created"]!);
        Assert.Equal("amd64", (string)image.Config["architecture"]!);
    }

    [Fact]
    public async Task Layers_are_compressed_as_requested()
    {
        _build.Write("data", "x").Dockerfile("FROM scratch\nCOPY data /data\n");

        var gzip = await _build.BuildAndReadAsync();
        var zstd = await _build.BuildAndReadAsync(request => request with { Compression = LayerCompression.Zstd });

        Assert.Equal(MediaTypes.OciLayerGzip, (string?)gzip.Manifest["layers"]![0]!["mediaType"]);
        Assert.Equal(MediaTypes.OciLayerZstd, (string?)zstd.Manifest["layers"]![0]!["mediaType"]);
        Assert.Equal(gzip.Layers[0].Select(entry => entry.Line), zstd.Layers[0].Select(entry => entry.Line));
        Assert.Equal(gzip.Config["rootfs"]!.ToJsonString(), zstd.Config["rootfs"]!.ToJsonString());
    }

    [Fact]
    public async Task A_file_is_compressed_once_wherever_it_is_in_a_layer()
    {
        using var cache = new TempFolder();
        _build.Options = new OciImageBuilderOptions { CacheFolder = cache.Path };
        var large = new string('x', 100_000);
        _build.Write("app/large", large).Write("app/small", "1").Dockerfile("FROM scratch\nCOPY app /app\n");
        var first = await _build.BuildAndReadAsync();
        var kept = Directory.GetFiles(cache.Combine("members"));

        // Before and behind it, and on another day.
        _build.Write("app/before", new string('y', 1000)).Write("app/small", "2");
        var second = await _build.BuildAndReadAsync(request => request with { SourceDate = request.SourceDate.AddDays(1) });

        Assert.Equal(large, first.LastLayer.Single(entry => entry.Name == "app/large").Text);
        Assert.Equal(large, second.LastLayer.Single(entry => entry.Name == "app/large").Text);
        Assert.Equal(3, kept.Length);
        Assert.Equal(5, Directory.GetFiles(cache.Combine("members")).Length);
    }

    [Fact]
    public async Task Several_platforms_become_an_index_and_share_equal_layers()
    {
        _build.Write("data", "x").Dockerfile("FROM scratch\nCOPY data /data\n");

        var built = await _build.BuildAsync(request => request with { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] });

        Assert.True(built.Root.IsIndex);
        var index = built.Root.ReadIndex();
        Assert.Equal(["linux/amd64", "linux/arm64"], index.Manifests.Select(entry => entry.Platform!.ToString()));
        var first = await ImageContents.ReadAsync(_build.Target, index.Manifests[0].Digest);
        var second = await ImageContents.ReadAsync(_build.Target, index.Manifests[1].Digest);
        Assert.Equal(first.Manifest["layers"]!.ToJsonString(), second.Manifest["layers"]!.ToJsonString());
        Assert.Equal(["amd64", "arm64"], new[] { first, second }.Select(image => (string)image.Config["architecture"]!));
    }

    [Fact]
    public async Task Labels_and_annotations_name_the_origin_of_the_image()
    {
        _build.Write("data", "x").Dockerfile("FROM scratch\nLABEL team=quay org.opencontainers.image.version=0\nCOPY data /data\n");

        var image = await _build.BuildAndReadAsync(request => request with
        {
            Labels = new Dictionary<string, string>
            {
                ["org.opencontainers.image.version"] = "1.2.3",
                ["org.opencontainers.image.revision"] = "abc",
            },
        });

        var expected = new JsonObject
        {
            ["org.opencontainers.image.created"] = "2026-03-01T12:30:15Z",
            ["org.opencontainers.image.revision"] = "abc",
            ["org.opencontainers.image.version"] = "1.2.3",
        };
        Assert.True(JsonNode.DeepEquals(expected, image.Manifest["annotations"]));
        expected["team"] = "quay";
        Assert.True(JsonNode.DeepEquals(expected, image.Container["Labels"]));
    }
}
