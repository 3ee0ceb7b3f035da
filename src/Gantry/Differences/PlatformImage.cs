using System.Text.Json;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Differences;

/// <summary>An image for one platform. Its documents are read when they are needed, once.</summary>
/// <param name="repository">The repository.</param>
/// <param name="digest">The digest of its manifest.</param>
internal sealed class PlatformImage(IImageRepository repository, Digest digest)
{
    private ManifestContent? _manifest;
    private JsonElement? _config;

    /// <summary>The repository.</summary>
    public IImageRepository Repository => repository;

    /// <summary>The digest of its manifest.</summary>
    public Digest Digest => digest;

    /// <summary>The platform in the index; null for an image without an index.</summary>
    public string? Platform { get; init; }

    /// <summary>Lists the images of an image or an index, without those that nothing runs.</summary>
    public static IReadOnlyList<PlatformImage> ListOf(IImageRepository repository, ManifestContent root) => root.IsIndex
        ? [.. root.ReadIndex().Manifests
            .Where(entry => MediaTypes.IsManifest(entry.MediaType))
            .Where(entry => entry.Platform is not { Os: "unknown", Architecture: "unknown" })
            .DistinctBy(entry => (entry.Digest, entry.Platform))
            .Select(entry => new PlatformImage(repository, entry.Digest) { Platform = entry.Platform?.ToString() ?? "" })]
        : [new PlatformImage(repository, root.Descriptor.Digest) { _manifest = root }];

    /// <summary>Reads the manifest; throws <c>GAN4805</c> when it is missing, and the errors of the registry.</summary>
    public async Task<ManifestContent> ReadContentAsync(CancellationToken cancellationToken) =>
        _manifest ??= await repository.FindManifestAsync(digest, cancellationToken)
            ?? throw DifferenceErrors.Missing(repository.Location, digest);

    /// <summary>Reads the manifest as <see cref="ReadContentAsync"/> does.</summary>
    public async Task<Manifest> ReadManifestAsync(CancellationToken cancellationToken) =>
        (await ReadContentAsync(cancellationToken)).ReadManifest();

    /// <summary>
    /// Reads the configuration. Throws <c>GAN4806</c> when it is too large, <c>GAN1005</c> when it is malformed, and the errors of the
    /// registry.
    /// </summary>
    public async Task<JsonElement> ReadConfigAsync(CancellationToken cancellationToken)
    {
        if (_config is { } read)
            return read;
        var blob = (await ReadManifestAsync(cancellationToken)).Config;
        if (blob.Size is < 0 or > Limits.ImageConfigBytes)
            throw DifferenceErrors.TooLarge(
                $"the configuration {blob.Digest}", repository.Location, blob.Size, nameof(Limits.ImageConfigBytes));
        var bytes = await repository.ReadBlobAsync(blob, cancellationToken);
        return Parsing(blob.Digest, () =>
        {
            using var json = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
            _config = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : throw new JsonException("no object");
            return _config.Value;
        });
    }

    /// <summary>Reads values of a document; a text in it may be none that has a meaning.</summary>
    public static T Parsing<T>(Digest config, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw OciErrors.MalformedDocument("configuration", config.ToString(), exception.Message.TrimEnd('.'), exception);
        }
    }
}
