using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gantry.Oci;

/// <summary>
/// A manifest or index exactly as it is stored: its bytes and their descriptor. The bytes are never written again from a parsed model, so a
/// copy has the digest of its original.
/// </summary>
public sealed record ManifestContent
{
    /// <summary>
    /// The maximum size of a manifest that is read: 4 MiB, which registries accept at least (distribution-spec, "Pushing Manifests").
    /// </summary>
    public const int MaximumSize = Limits.ManifestBytes;

    private ManifestContent(Descriptor descriptor, ReadOnlyMemory<byte> bytes)
    {
        Descriptor = descriptor;
        Bytes = bytes;
    }

    /// <summary>Media type, digest and size of the bytes.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>
    /// The digest that the registry names for the tag, when that is of another algorithm: what belongs to the image may refer to it.
    /// </summary>
    internal Digest? Alias { get; init; }

    /// <summary>True when this is an index of other manifests.</summary>
    public bool IsIndex => MediaTypes.IsIndex(Descriptor.MediaType);

    /// <summary>
    /// Returns true when a descriptor is of these bytes, with any digest algorithm: registries report the target of a tag with its sha256
    /// digest, whatever algorithm was used to write it.
    /// </summary>
    internal bool Matches(Descriptor other) =>
        other.Digest == Descriptor.Digest || (other.Size == Bytes.Length && other.Digest == other.Digest.OfSameAlgorithm(Bytes.Span));

    /// <summary>
    /// Compares the manifest with an entry of an index that lists it, by the same digest. Returns the difference as the rest of a sentence:
    /// <c>it has 512 bytes instead of 511</c>; null when there is none. Tools that trust the entry reject such an image.
    /// </summary>
    /// <param name="entry">The entry of the index.</param>
    public string? FindMismatch(Descriptor entry)
    {
        if (entry.Size != Bytes.Length)
            return $"it has {Format.Count(Bytes.Length, "byte")} instead of {entry.Size}";

        // A document need not name its type. What it is, is known all the same.
        var own = ManifestInspector.OwnMediaTypeOf(Bytes.Span, Descriptor.Digest.ToString());
        return (own ?? entry.MediaType) == entry.MediaType && MediaTypes.IsIndex(entry.MediaType) == IsIndex
            ? null
            : $"its type is {own ?? Descriptor.MediaType} instead of {entry.MediaType}";
    }

    /// <summary>Creates an instance from bytes whose digest the caller has verified.</summary>
    public static ManifestContent FromVerified(string mediaType, Digest digest, ReadOnlyMemory<byte> bytes) =>
        new(new Descriptor { MediaType = mediaType, Digest = digest, Size = bytes.Length }, bytes);

    /// <summary>Serializes a manifest once; from then on only its bytes count.</summary>
    public static ManifestContent Create(Manifest manifest) =>
        Create(manifest.MediaType ?? MediaTypes.OciManifest, manifest, OciJson.Writing.Manifest);

    /// <summary>Serializes an index once; from then on only its bytes count.</summary>
    public static ManifestContent Create(ImageIndex index) =>
        Create(index.MediaType ?? MediaTypes.OciIndex, index, OciJson.Writing.ImageIndex);

    /// <summary>Parses the bytes as a manifest; throws <c>GAN1005</c> when they are malformed.</summary>
    public Manifest ReadManifest() => Read("manifest", OciJson.Default.Manifest);

    /// <summary>
    /// True when the document names a configuration, as an image manifest does (image-spec, "Image Manifest"). An index, an artifact
    /// manifest and a document that is not JSON name none.
    /// </summary>
    public bool NamesConfig
    {
        get
        {
            try
            {
                using var document = JsonDocument.Parse(Bytes);
                return document.RootElement is { ValueKind: JsonValueKind.Object } root
                    && root.TryGetProperty("config", out var config)
                    && config.ValueKind == JsonValueKind.Object;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    /// <summary>Parses the bytes as an index; throws <c>GAN1005</c> when they are malformed.</summary>
    public ImageIndex ReadIndex() => Read("index", OciJson.Default.ImageIndex);

    private static ManifestContent Create<T>(string mediaType, T document, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, type);
        return FromVerified(mediaType, Digest.Of(bytes), bytes);
    }

    /// <summary>Parses the part of the document that a type describes; throws <c>GAN1005</c> when it is malformed.</summary>
    internal T Read<T>(string kind, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Bytes.Span, type)
                ?? throw OciErrors.MalformedDocument(kind, Descriptor.Digest.ToString(), "it is null");
        }
        catch (JsonException exception)
        {
            throw OciErrors.MalformedDocument(kind, Descriptor.Digest.ToString(), exception.Message, exception);
        }
    }
}
