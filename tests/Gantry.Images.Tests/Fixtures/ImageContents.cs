using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gantry.Oci;
using Gantry.Registries;
using ZstdSharp;

namespace Gantry.Images.Tests.Fixtures;

/// <summary>
/// Reads an image with a JSON document model and the tar and gzip readers of .NET only, and checks all digests, sizes and counts that the
/// specification requires. Independent of the builder.
/// </summary>
internal sealed class ImageContents
{
    private ImageContents(JsonObject manifest, JsonObject config, IReadOnlyList<IReadOnlyList<FileEntry>> layers)
    {
        Manifest = manifest;
        Config = config;
        Layers = layers;
    }

    public JsonObject Manifest { get; }

    public JsonObject Config { get; }

    public IReadOnlyList<IReadOnlyList<FileEntry>> Layers { get; }

    public JsonObject Container => Config["config"]!.AsObject();

    /// <summary>Gets the entries of the only, or the last, layer.</summary>
    public IReadOnlyList<FileEntry> LastLayer => Layers[^1];

    public static async Task<ImageContents> ReadAsync(IImageRepository repository, Digest digest)
    {
        var content = await repository.FindManifestAsync(digest, CancellationToken.None)
            ?? throw new InvalidOperationException($"{digest} is missing.");
        Assert.Equal(digest.ToString(), Sha256(content.Bytes.ToArray()));
        var manifest = JsonNode.Parse(content.Bytes.Span)!.AsObject();
        Assert.Equal(2, (int)manifest["schemaVersion"]!);
        Assert.Equal(content.Descriptor.MediaType, (string)manifest["mediaType"]!);

        var config = JsonNode.Parse(await ReadBlobAsync(repository, manifest["config"]!.AsObject()))!.AsObject();
        var diffIds = config["rootfs"]!["diff_ids"]!.AsArray().Select(id => (string)id!).ToArray();
        var descriptors = manifest["layers"]!.AsArray().Select(layer => layer!.AsObject()).ToArray();
        Assert.Equal("layers", (string)config["rootfs"]!["type"]!);
        Assert.Equal(descriptors.Length, diffIds.Length);
        Assert.Equal(descriptors.Length, config["history"]!.AsArray().Count(entry => entry!["empty_layer"] is null));

        var layers = new List<IReadOnlyList<FileEntry>>();
        foreach (var (descriptor, diffId) in descriptors.Zip(diffIds))
        {
            var plain = Decompress(await ReadBlobAsync(repository, descriptor), (string)descriptor["mediaType"]!);
            Assert.Equal(diffId, Sha256(plain));
            layers.Add(ReadTar(plain));
        }

        return new ImageContents(manifest, config, layers);
    }

    private static async Task<byte[]> ReadBlobAsync(IImageRepository repository, JsonObject node)
    {
        var descriptor = new Descriptor
        {
            MediaType = (string)node["mediaType"]!,
            Digest = Digest.Parse((string)node["digest"]!),
            Size = (long)node["size"]!,
        };
        using var bytes = new MemoryStream();
        await using (var blob = await repository.OpenBlobAsync(descriptor, CancellationToken.None))
            await blob.CopyToAsync(bytes);
        Assert.Equal((long)node["size"]!, bytes.Length);
        Assert.Equal((string)node["digest"]!, Sha256(bytes.ToArray()));
        return bytes.ToArray();
    }

    private static byte[] Decompress(byte[] content, string mediaType)
    {
        if (mediaType == MediaTypes.OciLayerGzip)
            return Unzip(content);
        Assert.Equal(MediaTypes.OciLayerZstd, mediaType);
        using var zstd = new DecompressionStream(new MemoryStream(content));
        using var plain = new MemoryStream();
        zstd.CopyTo(plain);
        return plain.ToArray();
    }

    public static byte[] Unzip(byte[] content)
    {
        using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    public static IReadOnlyList<FileEntry> ReadTar(byte[] content)
    {
        using var tar = new TarReader(new MemoryStream(content));
        var entries = new List<FileEntry>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            using var data = new MemoryStream();
            entry.DataStream?.CopyTo(data);
            entries.Add(new FileEntry(entry.Name, entry.EntryType, Convert.ToString((int)entry.Mode, 8), entry.Uid, entry.Gid)
            {
                ModifiedAt = entry.ModificationTime,
                LinkTarget = entry.EntryType == TarEntryType.SymbolicLink ? entry.LinkName : null,
                Text = System.Text.Encoding.UTF8.GetString(data.ToArray()),
            });
        }

        return entries;
    }

    private static string Sha256(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}

/// <summary>An entry of a layer.</summary>
internal sealed record FileEntry(string Name, TarEntryType Type, string Mode, int UserId, int GroupId)
{
    public DateTimeOffset ModifiedAt { get; init; }

    public string? LinkTarget { get; init; }

    public string Text { get; init; } = "";

    /// <summary>Gets a line to compare: <c>app/run 755 0:0</c>.</summary>
    public string Line => $"{Name} {Mode} {UserId}:{GroupId}{(LinkTarget is null ? "" : $" -> {LinkTarget}")}";
}
