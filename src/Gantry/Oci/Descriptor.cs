using System.Text.Json.Serialization;

namespace Gantry.Oci;

/// <summary>Identifies content by media type, digest and size: all that is needed to fetch and verify it.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md">OCI image-spec 1.1.1, descriptor</seealso>
public sealed record Descriptor
{
    /// <summary>The media type of the content.</summary>
    [JsonPropertyName("mediaType"), JsonPropertyOrder(0)]
    public required string MediaType { get; init; }

    /// <summary>The digest of the content.</summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(1)]
    public required Digest Digest { get; init; }

    /// <summary>The size of the content in bytes.</summary>
    [JsonPropertyName("size"), JsonPropertyOrder(2)]
    public required long Size { get; init; }

    /// <summary>Further addresses of the content. Used only for non-distributable layers.</summary>
    [JsonPropertyName("urls"), JsonPropertyOrder(3)]
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>The annotations of this reference to the content, not of the content itself.</summary>
    [JsonPropertyName("annotations"), JsonPropertyOrder(4)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The content in base64, when it is small enough to be embedded.</summary>
    [JsonPropertyName("data"), JsonPropertyOrder(5)]
    public string? Data { get; init; }

    /// <summary>The artifact type, when the descriptor points to an artifact manifest.</summary>
    [JsonPropertyName("artifactType"), JsonPropertyOrder(6)]
    public string? ArtifactType { get; init; }

    /// <summary>The platform of the image, in the entries of an index.</summary>
    [JsonPropertyName("platform"), JsonPropertyOrder(7)]
    public Platform? Platform { get; init; }
}
