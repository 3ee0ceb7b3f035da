using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;
using Gantry.Registries.Layout;

namespace Gantry.Registries.Archives;

/// <summary>
/// The images of an archive without manifests: each gets a manifest that refers to configuration and layers as they are in the archive,
/// byte for byte. So the same archive always gives the same digest.
/// </summary>
/// <seealso href="https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format">
/// Docker image specification, combined format
/// </seealso>
public sealed class SavedImages : IDisposable
{
    private readonly ArchiveFile _archive;
    private readonly Dictionary<Digest, ReadOnlyMemory<byte>> _documents = [];
    private readonly Dictionary<Digest, ArchiveEntry> _layers = [];
    private long _kept;

    private SavedImages(ArchiveFile archive) => _archive = archive;

    /// <summary>The index of an OCI image layout with these images.</summary>
    internal byte[] Index { get; private set; } = [];

    /// <summary>The manifests of these images, in the order of the archive.</summary>
    public IReadOnlyList<ManifestContent> Manifests { get; private set; } = [];

    /// <summary>Opens an archive; throws <c>GAN2029</c> when it is malformed, and <c>GAN2030</c> when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name in messages.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<SavedImages> OpenAsync(string path, string name, CancellationToken cancellationToken)
    {
        var archive = await ArchiveFile.TryOpenAsync(path, name, cancellationToken) ?? throw ArchiveErrors.Missing(name);
        try
        {
            return await ReadAsync(archive, cancellationToken);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Reads an archive; throws <c>GAN2029</c> when it is malformed.</summary>
    internal static async Task<SavedImages> ReadAsync(ArchiveFile archive, CancellationToken cancellationToken)
    {
        var saved = new SavedImages(archive);
        var manifests = new List<ManifestContent>();
        var entries = new List<Descriptor>();
        var list = await ReadJsonAsync(archive, DockerArchive.Manifest, SavedImageJson.Default.IReadOnlyListSavedImage, cancellationToken);
        if (list.Count > Limits.SavedImages)
            throw ArchiveErrors.TooLarge(
                archive.Name, $"it has more than {Format.Count(Limits.SavedImages, "image")}", nameof(Limits.SavedImages));
        foreach (var image in list)
        {
            if (image is null)
                throw ArchiveErrors.Malformed(archive.Name, $"its {DockerArchive.Manifest} has null instead of an image");
            manifests.Add(await saved.AddAsync(image, cancellationToken));
            var manifest = manifests[^1].Descriptor;
            var names = (image.RepoTags ?? []).Select(name => new Dictionary<string, string> { [RefNames.Annotation] = name }).ToList();
            entries.AddRange(names.Count == 0 ? [manifest] : names.Select(name => manifest with { Annotations = name }));
        }

        saved.Manifests = manifests;
        saved.Index = ManifestContent.Create(new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = entries }).Bytes.ToArray();
        return saved;
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    /// <summary>Opens a blob or manifest; returns null when it does not exist.</summary>
    public Stream? Open(Digest digest)
    {
        if (_documents.TryGetValue(digest, out var document))
            return new MemoryStream(document.ToArray(), writable: false);

        // Archives of newer engines have more blobs than their list of images names: the manifests that the engine keeps.
        var entry = _layers.GetValueOrDefault(digest) ?? _archive.Find(ArchivedLayout.BlobName(digest));
        return entry is null ? null : _archive.OpenRead(entry);
    }

    private async Task<ManifestContent> AddAsync(SavedImage image, CancellationToken cancellationToken)
    {
        if (_archive.FollowLinks(image.Config) is not { } entry)
            throw ArchiveErrors.Malformed(_archive.Name, $"its configuration '{image.Config}' is missing");

        var config = await _archive.ReadAsync(entry, ManifestContent.MaximumSize, cancellationToken);
        var digest = Digest.Of(config);
        if (Digest.TryParse("sha256:" + System.IO.Path.GetFileNameWithoutExtension(image.Config), out var named) && named != digest)
            throw RegistryErrors.DigestMismatch(_archive.Name, named, digest.ToString());
        Keep(digest, config);

        var diffIds = Parse(image.Config, config, SavedImageJson.Default.SavedConfig).RootFs.DiffIds;
        if (diffIds.Count != image.Layers.Count)
            throw ArchiveErrors.Malformed(
                _archive.Name, $"an image has {Format.Count(image.Layers.Count, "layer")}, and its configuration names {diffIds.Count}");

        var layers = new List<Descriptor>();
        foreach (var (name, diffId) in image.Layers.Zip(diffIds))
            layers.Add(await AddLayerAsync(name, diffId, cancellationToken));

        var manifest = ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            Config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = digest, Size = config.Length },
            Layers = layers,
        });
        Keep(manifest.Descriptor.Digest, manifest.Bytes);
        return manifest;
    }

    private void Keep(Digest digest, ReadOnlyMemory<byte> document)
    {
        if (_documents.TryAdd(digest, document) && (_kept += document.Length) > Limits.ImageManifestBytes)
            throw ArchiveErrors.TooLarge(
                _archive.Name,
                $"the configurations of its images have more than {Gantry.Format.Bytes(Limits.ImageManifestBytes)}",
                nameof(Limits.ImageManifestBytes));
    }

    private async Task<Descriptor> AddLayerAsync(string name, Digest diffId, CancellationToken cancellationToken)
    {
        if (_archive.FollowLinks(name) is not { } entry)
            throw ArchiveErrors.Malformed(_archive.Name, $"its layer '{name}' is missing");
        var layer = await SavedLayer.ReadAsync(_archive, entry, diffId, cancellationToken);
        _layers[layer.Digest] = entry;
        return layer;
    }

    private T Parse<T>(string name, ReadOnlyMemory<byte> content, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        Parse(_archive.Name, name, content, type);

    private static async Task<T> ReadJsonAsync<T>(
        ArchiveFile archive, string name, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var entry = archive.Find(name)
            ?? throw ArchiveErrors.Malformed(archive.Name, $"it has no {name}, as archives of 'docker save' have");
        return Parse(archive.Name, name, await archive.ReadAsync(entry, ManifestContent.MaximumSize, cancellationToken), type);
    }

    private static T Parse<T>(
        string archive, string name, ReadOnlyMemory<byte> content, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(content.Span, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw ArchiveErrors.Malformed(
                archive, $"its '{name}' cannot be read ({Format.OneLine(exception.Message)})", exception);
        }
    }
}

/// <summary>An image in <c>manifest.json</c>.</summary>
internal sealed record SavedImage
{
    [JsonPropertyName("Config")]
    public required string Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public IReadOnlyList<string>? RepoTags { get; init; }

    [JsonPropertyName("Layers"), AllowNull]
    public required IReadOnlyList<string> Layers { get; init => field = value ?? []; }
}

/// <summary>The required part of an image's configuration.</summary>
internal sealed record SavedConfig
{
    [JsonPropertyName("rootfs")]
    public required SavedRootFileSystem RootFs { get; init; }
}

/// <summary>The uncompressed layers of an image, the lowest first.</summary>
internal sealed record SavedRootFileSystem
{
    [JsonPropertyName("diff_ids"), AllowNull]
    public required IReadOnlyList<Digest> DiffIds { get; init => field = value ?? []; }
}

[JsonSourceGenerationOptions(
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(DigestJsonConverter), typeof(NonNullListJsonConverter<string>)],
    MaxDepth = 64)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(IReadOnlyList<SavedImage?>))]
[JsonSerializable(typeof(SavedConfig))]
internal sealed partial class SavedImageJson : JsonSerializerContext;
