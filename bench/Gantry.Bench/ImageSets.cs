using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Bench;

/// <summary>
/// The copied images. Layers are valid tars of incompressible random bytes, derived from their names: they have the same digests on every
/// machine.
/// </summary>
internal sealed record ImageSet(string Name, string Repository, string Description, Func<ImageWriter, Task> PushAsync)
{
    public const string Tag = "v1";
    private const int Mebibyte = 1024 * 1024;

    public static IReadOnlyList<ImageSet> All { get; } =
    [
        new("small", "base/small", "5 layers of 2 MiB", writer => writer.PushImageAsync(Tag, "small", Repeat("small", 5, 2 * Mebibyte))),
        new("multi", "base/multi", "4 platforms with 3 layers of 10 MiB each", PushMultiAsync),
        new("big", "base/big", "10 layers of 100 MiB", writer => writer.PushImageAsync(Tag, "big", Repeat("big", 10, 100L * Mebibyte))),
        new("one", "base/one", "1 layer of 2 GiB", writer => writer.PushImageAsync(Tag, "one", Repeat("one", 1, 2048L * Mebibyte))),
        new("refs", "base/refs", "2 layers of 1 MiB, signature, SBOM, its signature", PushReferrersAsync),
        new("tags", "tags/app", "200 tags that share a layer of 2 MiB", PushTagsAsync),
    ];

    private static (string, long)[] Repeat(string name, int count, long size) =>
        [.. Enumerable.Range(0, count).Select(number => ($"{name}-{number}", size))];

    private static async Task PushMultiAsync(ImageWriter writer)
    {
        var entries = new List<Descriptor>();
        foreach (var platform in new[] { "linux/amd64", "linux/arm64", "linux/arm/v7", "linux/s390x" })
            entries.Add((await writer.PushImageAsync(null, platform, Repeat($"multi-{platform}", 3, 10 * Mebibyte))) with
            {
                Platform = Platform.Parse(platform),
            });
        await writer.PushIndexAsync(Tag, entries);
    }

    private static async Task PushReferrersAsync(ImageWriter writer)
    {
        var image = await writer.PushImageAsync(Tag, "refs", Repeat("refs", 2, Mebibyte));
        await writer.PushArtifactAsync(image, "signature");
        var sbom = await writer.PushArtifactAsync(image, "sbom");
        await writer.PushArtifactAsync(sbom, "signature of the sbom");
    }

    private static async Task PushTagsAsync(ImageWriter writer)
    {
        for (var number = 0; number < 200; number++)
            await writer.PushImageAsync(
                $"t{number:000}",
                $"tags {number}",
                [("tags-base", 2 * Mebibyte), ($"tags-{number}-a", 16 * 1024), ($"tags-{number}-b", 16 * 1024)]);
    }
}

/// <summary>Writes images into a repository.</summary>
internal sealed class ImageWriter(IImageRepository repository)
{
    private readonly Dictionary<string, (Descriptor Layer, Digest DiffId)> _layers = [];

    public async Task<Descriptor> PushImageAsync(string? tag, string name, IReadOnlyList<(string Name, long Size)> layers)
    {
        var pushed = new List<(Descriptor Layer, Digest DiffId)>();
        foreach (var (layer, size) in layers)
            pushed.Add(await PushLayerAsync(layer, size));

        var config = new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["author"] = name,
            ["config"] = new JsonObject { ["Cmd"] = new JsonArray("/none") },
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. pushed.Select(layer => (JsonNode)layer.DiffId.ToString())]),
            },
        };
        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = await PushBlobAsync(MediaTypes.OciConfig, System.Text.Encoding.UTF8.GetBytes(config.ToJsonString())),
            Layers = [.. pushed.Select(layer => layer.Layer)],
        });
        return await PushManifestAsync(tag, manifest);
    }

    public Task<Descriptor> PushIndexAsync(string tag, IReadOnlyList<Descriptor> entries) =>
        PushManifestAsync(tag, ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = entries }));

    public async Task<Descriptor> PushArtifactAsync(Descriptor subject, string content) =>
        await PushManifestAsync(null, ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            ArtifactType = "application/vnd.example.signature",
            Config = await PushBlobAsync(MediaTypes.OciEmpty, "{}"u8.ToArray()),
            Layers = [await PushBlobAsync("text/plain", System.Text.Encoding.UTF8.GetBytes(content))],
            Subject = subject,
        }));

    private async Task<Descriptor> PushManifestAsync(string? tag, ManifestContent manifest)
    {
        await (tag is null ? repository.PutManifestAsync(manifest, default) : repository.PutTagAsync(tag, manifest, default));
        return manifest.Descriptor;
    }

    private async Task<Descriptor> PushBlobAsync(string mediaType, byte[] content)
    {
        var blob = new Descriptor { MediaType = mediaType, Digest = Digest.Of(content), Size = content.Length };
        await repository.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content)), default);
        return blob;
    }

    private async Task<(Descriptor Layer, Digest DiffId)> PushLayerAsync(string name, long size)
    {
        if (_layers.TryGetValue(name, out var known))
            return known;

        var file = Path.GetTempFileName();
        try
        {
            Digest diffId;
            await using (var output = File.Create(file))
                diffId = LayerWriter.Write(output, name, size);
            await using (var written = File.OpenRead(file))
            {
                var digest = Digest.FromSha256(await SHA256.HashDataAsync(written));
                var layer = new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = digest, Size = written.Length };
                await repository.PutBlobAsync(layer, _ => Task.FromResult<Stream>(File.OpenRead(file)), default);
                return _layers[name] = (layer, diffId);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <summary>Writes a layer: a tar with one file of random bytes, in a gzip without compression.</summary>
internal static class LayerWriter
{
    public static Digest Write(Stream output, string name, long size)
    {
        using var hash = SHA256.Create();
        using (var gzip = new GZipStream(output, CompressionLevel.NoCompression, leaveOpen: true))
        using (var hashed = new CryptoStream(gzip, hash, CryptoStreamMode.Write))
        using (var tar = new TarWriter(hashed, TarEntryFormat.Ustar))
        {
            var seed = BitConverter.ToInt32(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));
            using var content = new RandomStream(new Random(seed), size);
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"data/{name.Replace('/', '-')}.bin")
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }

        return Digest.FromSha256(hash.Hash);
    }

    private sealed class RandomStream(Random random, long size) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => size;

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, size - _position);
            random.NextBytes(buffer[..count]);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
