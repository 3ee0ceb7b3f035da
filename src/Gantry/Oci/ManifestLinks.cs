using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gantry.Oci;

/// <summary>
/// The links of a manifest of any kind: an image, an index, an artifact. Reads only the links, so documents with unknown properties are
/// copied like any other.
/// </summary>
internal sealed record ManifestLinks
{
    private ManifestLinks(IReadOnlyList<Descriptor> manifests, IReadOnlyList<Descriptor> blobs, LinkDocument document)
    {
        Manifests = manifests;
        Blobs = blobs;
        Entries = [.. manifests, .. document.Config is null ? blobs : blobs.Skip(1)];
        Subject = document.Subject;
    }

    /// <summary>The manifests that an index lists.</summary>
    public IReadOnlyList<Descriptor> Manifests { get; }

    /// <summary>
    /// The configuration and the layers. An entry of an index that is not a manifest (build caches do that) is a blob, too.
    /// </summary>
    public IReadOnlyList<Descriptor> Blobs { get; }

    /// <summary>Everything but the configuration: the layers of an image, or the entries of an index.</summary>
    public IReadOnlyList<Descriptor> Entries { get; }

    /// <summary>The subject that the manifest refers to.</summary>
    public Descriptor? Subject { get; }

    /// <summary>Reads the links of a manifest; throws <c>GAN1005</c> when it is malformed.</summary>
    public static ManifestLinks Read(ManifestContent content)
    {
        var document = Parse(content);
        var listed = document.Manifests ?? [];
        Descriptor[] stored =
            [.. document.Config is null ? [] : new[] { document.Config }, .. document.Layers ?? [], .. document.Blobs ?? []];

        foreach (var link in listed.Concat(stored).Concat(document.Subject is null ? [] : [document.Subject]))
        {
            // Few enough bytes that the sizes of everything that an image may list can be added.
            if (link.Size is < 0 or > Limits.BlobBytes)
                throw Malformed(content, $"it gives {link.Digest} a size of {link.Size}");
            if (WellKnownBlobs.HasWrongData(link))
                throw Malformed(content, $"the data that it embeds for {link.Digest} is something else");
        }

        return new ManifestLinks(
            [.. listed.Where(IsManifest)], [.. stored, .. listed.Where(link => !IsManifest(link))], document);
    }

    private static bool IsManifest(Descriptor link) => MediaTypes.IsIndex(link.MediaType) || MediaTypes.IsManifest(link.MediaType);

    private static LinkDocument Parse(ManifestContent content)
    {
        try
        {
            return JsonSerializer.Deserialize(content.Bytes.Span, LinkJson.Default.LinkDocument) ?? throw Malformed(content, "it is null");
        }
        catch (JsonException exception)
        {
            throw Malformed(content, exception.Message.TrimEnd('.'), exception);
        }
    }

    private static GantryException Malformed(ManifestContent content, string reason, Exception? inner = null) =>
        OciErrors.MalformedDocument("manifest", content.Descriptor.Digest.ToString(), reason, inner);
}

internal sealed record LinkDocument
{
    [JsonPropertyName("config")]
    public Descriptor? Config { get; init; }

    [JsonPropertyName("layers")]
    public IReadOnlyList<Descriptor>? Layers { get; init; }

    [JsonPropertyName("blobs")]
    public IReadOnlyList<Descriptor>? Blobs { get; init; }

    [JsonPropertyName("manifests")]
    public IReadOnlyList<Descriptor>? Manifests { get; init; }

    [JsonPropertyName("subject")]
    public Descriptor? Subject { get; init; }
}

[JsonSourceGenerationOptions(
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(DigestJsonConverter), typeof(NonNullListJsonConverter<Descriptor>), typeof(NonNullListJsonConverter<string>),
        typeof(TextMapJsonConverter),
    ],
    MaxDepth = Limits.JsonDepth)]
[JsonSerializable(typeof(LinkDocument))]
[JsonSerializable(typeof(string))]
internal sealed partial class LinkJson : JsonSerializerContext;
