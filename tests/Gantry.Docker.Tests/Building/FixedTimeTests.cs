using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Gantry.Docker.Building;
using Gantry.Docker.Tests.Fixtures;
using Gantry.Images;
using Gantry.Oci;
using Gantry.Testing;

namespace Gantry.Docker.Tests.Building;

/// <summary>Layers of folders with a fixed time are the same in every build, with a real engine that has no cache.</summary>
[Collection(DockerEngineCollection.Name)]
public sealed class FixedTimeTests(DockerEngineFixture fixture)
{
    private readonly MemoryRepository _target = new("memory", "memory/app");

    [DockerEngineTheory]
    [InlineData(DockerBuilderKind.Classic)]
    [InlineData(DockerBuilderKind.BuildKit)]
    public async Task Only_layers_with_the_time_of_the_commit_change(DockerBuilderKind builder)
    {
        using var folder = new BuildFolder($"""
            FROM {DockerEngineFixture.BaseImage}
            WORKDIR /app
            COPY artifacts/app/packages /app
            COPY artifacts/app/assemblies /app
            """)
            .Write("artifacts/app/packages/Polly.dll", "polly")
            .Write("artifacts/app/packages/de/Polly.resources.dll", "polly, german")
            .Write("artifacts/app/assemblies/Shop.dll", "a line");
        var request = folder.Request with { FixedTimeFolders = ["artifacts/app/packages"] };

        var first = await BuildAsync(request, builder);
        folder.Write("artifacts/app/assemblies/Shop.dll", "another line");
        var second = await BuildAsync(request with { SourceDate = request.SourceDate.AddDays(1) }, builder);

        var (packages, assemblies) = (first.Layers.Count - 2, first.Layers.Count - 1);
        Assert.Equal(first.Layers[packages].Digest, second.Layers[packages].Digest);
        Assert.NotEqual(first.Layers[assemblies].Digest, second.Layers[assemblies].Digest);
        Assert.All(await ReadAsync(second.Layers[packages]), entry => Assert.Equal(ImageBuildRequest.FixedTime, entry.ModificationTime));
        Assert.Equal(
            ["app/", "app/Polly.dll", "app/de/", "app/de/Polly.resources.dll"],
            (await ReadAsync(second.Layers[packages])).Select(entry => entry.Name));
        Assert.Contains(
            await ReadAsync(second.Layers[assemblies]),
            entry => entry.Name == "app/Shop.dll" && entry.ModificationTime == request.SourceDate.AddDays(1));

        // What an engine checks when it pulls the image.
        var config = JsonNode.Parse(await BytesOfAsync(second.Config))!;
        foreach (var (layer, diffId) in second.Layers.Zip(config["rootfs"]!["diff_ids"]!.AsArray()))
            Assert.Equal((string)diffId!, Digest.Of(await UnzipAsync(layer)).ToString());
    }

    private async Task<Manifest> BuildAsync(ImageBuildRequest request, DockerBuilderKind builder)
    {
        var options = new DockerBuildOptions { NetworkMode = "none", Builder = builder, NoCache = true };
        var built = await new DockerImageBuilder(fixture.Engine, new RecordingBuildLog(), options: options).BuildAsync(
            request, _target, CancellationToken.None);
        return built.Root.ReadManifest();
    }

    private async Task<List<TarEntry>> ReadAsync(Descriptor layer)
    {
        await using var tar = new TarReader(new MemoryStream(await UnzipAsync(layer)));
        var entries = new List<TarEntry>();
        while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }

    private async Task<byte[]> UnzipAsync(Descriptor layer)
    {
        await using var gzip = new GZipStream(new MemoryStream(await BytesOfAsync(layer)), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        await gzip.CopyToAsync(plain);
        return plain.ToArray();
    }

    private async Task<byte[]> BytesOfAsync(Descriptor blob)
    {
        await using var content = await _target.OpenBlobAsync(blob, CancellationToken.None);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
