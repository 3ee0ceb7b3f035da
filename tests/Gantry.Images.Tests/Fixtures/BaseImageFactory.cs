using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Gantry.Oci;
using Gantry.Registries;
using ZstdSharp;

namespace Gantry.Images.Tests.Fixtures;

/// <summary>Creates base images with .NET's own tar writer, with media types of Docker or OCI.</summary>
internal sealed class BaseImageFactory
{
    private readonly List<(byte[] Blob, Digest DiffId, string MediaType)> _layers = [];

    /// <summary>The object <c>config</c> of the configuration.</summary>
    public JsonObject Container { get; init; } = [];

    /// <summary>True for Docker's media types.</summary>
    public bool Docker { get; init; }

    /// <summary>True for layers that are compressed with zstd.</summary>
    public bool Zstd { get; init; }

    public Platform Platform { get; init; } = Platform.LinuxAmd64;

    /// <summary>Adds a layer; the lowest one first.</summary>
    public BaseImageFactory Layer(params IEnumerable<TarEntry> entries)
    {
        using var plain = new MemoryStream();
        using (var tar = new TarWriter(plain, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        if (Zstd)
        {
            using var compressor = new Compressor();
            return RawLayer(compressor.Wrap(plain.ToArray()).ToArray(), Digest.Of(plain.ToArray()), MediaTypes.OciLayerZstd);
        }

        using var blob = new MemoryStream();
        using (var gzip = new GZipStream(blob, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(plain.ToArray());
        return RawLayer(blob.ToArray(), Digest.Of(plain.ToArray()), Docker ? MediaTypes.DockerLayerGzip : MediaTypes.OciLayerGzip);
    }

    /// <summary>Adds a layer of any content and media type.</summary>
    public BaseImageFactory RawLayer(byte[] blob, Digest diffId, string mediaType)
    {
        _layers.Add((blob, diffId, mediaType));
        return this;
    }

    public static TarEntry File(string name, string content = "", string mode = "644", int owner = 0) =>
        Entry(TarEntryType.RegularFile, name, mode, owner, entry => entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)));

    public static TarEntry Directory(string name, string mode = "755", int owner = 0) => Entry(TarEntryType.Directory, name, mode, owner);

    public static TarEntry Link(string name, string target) =>
        Entry(TarEntryType.SymbolicLink, name, "777", 0, entry => entry.LinkName = target);

    /// <summary>Stores the image without a tag.</summary>
    public async Task<ManifestContent> StoreAsync(IImageRepository repository, Func<JsonObject, JsonObject>? changeConfig = null)
    {
        var config = new JsonObject
        {
            ["architecture"] = Platform.Architecture,
            ["os"] = Platform.Os,
            ["config"] = Container.DeepClone(),
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. _layers.Select(layer => (JsonNode)layer.DiffId.ToString())]),
            },
            ["history"] = new JsonArray([.. _layers.Select((_, index) => (JsonNode)new JsonObject { ["created_by"] = $"base {index}" })]),
        };
        return await StoreAsync(repository, (changeConfig?.Invoke(config) ?? config).ToJsonString());
    }

    /// <summary>Stores the image under a tag, with a configuration that need not be one.</summary>
    public async Task PushRawAsync(FakeBaseRegistries registries, string reference, string config)
    {
        var image = ImageReference.Parse(reference);
        var repository = registries.Open(image.Registry, image.Repository);
        await repository.PutTagAsync(image.Tag!, await StoreAsync(repository, config), CancellationToken.None);
    }

    private async Task<ManifestContent> StoreAsync(IImageRepository repository, string config)
    {
        var configBytes = Encoding.UTF8.GetBytes(config);
        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = Docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest,
            Config = await PutAsync(repository, configBytes, Docker ? MediaTypes.DockerConfig : MediaTypes.OciConfig),
            Layers = await Task.WhenAll(_layers.Select(layer => PutAsync(repository, layer.Blob, layer.MediaType))),
        });
        await repository.PutManifestAsync(manifest, CancellationToken.None);
        return manifest;
    }

    /// <summary>Stores the image under a tag.</summary>
    public async Task<ManifestContent> PushAsync(
        FakeBaseRegistries registries, string reference, Func<JsonObject, JsonObject>? changeConfig = null)
    {
        var image = ImageReference.Parse(reference);
        var repository = registries.Open(image.Registry, image.Repository);
        var manifest = await StoreAsync(repository, changeConfig);
        await repository.PutTagAsync(image.Tag!, manifest, CancellationToken.None);
        return manifest;
    }

    /// <summary>Stores several images as one multi-platform image.</summary>
    public static async Task<ManifestContent> PushIndexAsync(
        FakeBaseRegistries registries, string reference, params BaseImageFactory[] images)
    {
        var target = ImageReference.Parse(reference);
        var repository = registries.Open(target.Registry, target.Repository);
        var entries = new List<Descriptor>();
        foreach (var image in images)
            entries.Add((await image.StoreAsync(repository)).Descriptor with { Platform = image.Platform });
        var index = ManifestContent.Create(new ImageIndex
        {
            MediaType = images.Any(image => image.Docker) ? MediaTypes.DockerManifestList : MediaTypes.OciIndex,
            Manifests = entries,
        });
        await repository.PutTagAsync(target.Tag!, index, CancellationToken.None);
        return index;
    }

    private static async Task<Descriptor> PutAsync(IImageRepository repository, byte[] content, string mediaType)
    {
        var descriptor = new Descriptor { MediaType = mediaType, Digest = Digest.Of(content), Size = content.Length };
        await repository.PutBlobAsync(
            descriptor, _ => Task.FromResult<Stream>(new MemoryStream(content, writable: false)), CancellationToken.None);
        return descriptor;
    }

    private static PaxTarEntry Entry(TarEntryType type, string name, string mode, int owner, Action<TarEntry>? more = null)
    {
        var entry = new PaxTarEntry(type, name)
        {
            Mode = (UnixFileMode)Convert.ToInt32(mode, 8),
            Uid = owner,
            Gid = owner,
            ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        };
        more?.Invoke(entry);
        return entry;
    }
}
