using System.Text.Json.Serialization;

namespace Gantry.Oci;

/// <summary>Names content by media type, digest and size: everything needed to fetch it and to know that it is the right content.</summary>
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

    /// <summary>Where else the content may be had. Only looked at for layers that are not to be distributed.</summary>
    [JsonPropertyName("urls"), JsonPropertyOrder(3)]
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Notes that belong to this mention of the content, not to the content.</summary>
    [JsonPropertyName("annotations"), JsonPropertyOrder(4)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The content itself in base64, when it is small enough to be embedded.</summary>
    [JsonPropertyName("data"), JsonPropertyOrder(5)]
    public string? Data { get; init; }

    /// <summary>What kind of artifact a manifest is, when the descriptor points to one.</summary>
    [JsonPropertyName("artifactType"), JsonPropertyOrder(6)]
    public string? ArtifactType { get; init; }

    /// <summary>What the image runs on, in the entries of an index.</summary>
    [JsonPropertyName("platform"), JsonPropertyOrder(7)]
    public Platform? Platform { get; init; }
}
