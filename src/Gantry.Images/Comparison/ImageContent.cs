using System.Text.Json;
using Gantry.Images.Configuration;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Comparison;

/// <summary>The image of one platform that is compared: its manifest, its configuration and its layers.</summary>
internal sealed record ImageContent(JsonElement Manifest, JsonElement Config, IReadOnlyList<LayerContent> Layers)
{
    /// <summary>
    /// Reads everything but the layers. Throws <c>GAN3041</c> when it is malformed, <c>GAN3042</c> when the configuration is too large, and
    /// the errors of the registry.
    /// </summary>
    public static async Task<ImageContent> ReadAsync(
        IImageRepository repository, ManifestContent content, CancellationToken cancellationToken)
    {
        var manifest = content.ReadManifest();
        var (bytes, config) = await ReadConfigAsync(repository, manifest.Config, cancellationToken);
        var names = NamesOf(config, manifest.Layers.Count);
        var diffIds = config.RootFs.DiffIds;
        if (diffIds.Count != manifest.Layers.Count)
            throw ComparisonErrors.Malformed(
                Name(manifest.Config),
                repository.Location,
                $"it has {Format.Count(diffIds.Count, "layer")}, and the manifest {manifest.Layers.Count}");
        return new ImageContent(
            Element(content.Bytes),
            Element(bytes),
            [.. manifest.Layers.Select((blob, index) => new LayerContent(repository, blob, diffIds[index], names[index]))]);
    }

    /// <summary>Reads a configuration; throws as <see cref="ReadAsync"/> does.</summary>
    public static async Task<(byte[] Bytes, ImageConfig Config)> ReadConfigAsync(
        IImageRepository repository, Descriptor blob, CancellationToken cancellationToken)
    {
        if (blob.Size > Limits.ImageConfigBytes)
            throw ComparisonErrors.TooLarge(
                Name(blob), repository.Location, $"it has {Format.Count(blob.Size, "byte")}", nameof(Limits.ImageConfigBytes));
        var bytes = await repository.ReadBlobAsync(blob, cancellationToken);
        try
        {
            return (bytes, JsonSerializer.Deserialize(bytes, ImageConfigJson.Default.ImageConfig)
                ?? throw new JsonException("it is null"));
        }
        catch (JsonException exception)
        {
            throw ComparisonErrors.Malformed(Name(blob), repository.Location, exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>Parses a document that was read before.</summary>
    public static JsonElement Element(ReadOnlyMemory<byte> bytes)
    {
        using var json = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Limits.JsonDepth });
        return json.RootElement.Clone();
    }

    private static string Name(Descriptor config) => $"the configuration {config.Digest}";

    // The history names the instruction of each layer, when it has one entry for each.
    private static IReadOnlyList<string> NamesOf(ImageConfig config, int layers)
    {
        var history = (config.History ?? []).Where(entry => entry.EmptyLayer is not true).ToList();
        return
        [
            .. Enumerable.Range(0, layers).Select(index => $"layer {index + 1}"
                + (history.Count == layers && history[index].CreatedBy is { Length: > 0 } by ? $" ({Format.OneLine(by, 80)})" : "")),
        ];
    }
}
