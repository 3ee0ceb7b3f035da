using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Gantry.Oci;

/// <summary>An image manifest: one configuration and its layers, or any artifact.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md">OCI image-spec 1.1.1, manifest</seealso>
public sealed record Manifest
{
    /// <summary>Always 2.</summary>
    [JsonPropertyName("schemaVersion"), JsonPropertyOrder(0)]
    public int SchemaVersion { get; init; } = 2;

    /// <summary>The media type of this document.</summary>
    [JsonPropertyName("mediaType"), JsonPropertyOrder(1)]
    public string? MediaType { get; init; }

    /// <summary>The artifact type; null for an image.</summary>
    [JsonPropertyName("artifactType"), JsonPropertyOrder(2)]
    public string? ArtifactType { get; init; }

    /// <summary>The configuration.</summary>
    [JsonPropertyName("config"), JsonPropertyOrder(3)]
    public required Descriptor Config { get; init; }

    /// <summary>The layers, the lowest first; null in JSON is an empty list.</summary>
    [JsonPropertyName("layers"), JsonPropertyOrder(4), AllowNull]
    public required IReadOnlyList<Descriptor> Layers { get; init => field = value ?? []; }

    /// <summary>The subject of this artifact: an image that it signs, describes or attests.</summary>
    [JsonPropertyName("subject"), JsonPropertyOrder(5)]
    public Descriptor? Subject { get; init; }

    /// <summary>The annotations, including <c>org.opencontainers.image.*</c>.</summary>
    [JsonPropertyName("annotations"), JsonPropertyOrder(6)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>An image index: one entry per platform. Entries may be indexes themselves.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md">OCI image-spec 1.1.1, image index</seealso>
public sealed record ImageIndex
{
    /// <summary>Always 2.</summary>
    [JsonPropertyName("schemaVersion"), JsonPropertyOrder(0)]
    public int SchemaVersion { get; init; } = 2;

    /// <summary>The media type of this document.</summary>
    [JsonPropertyName("mediaType"), JsonPropertyOrder(1)]
    public string? MediaType { get; init; }

    /// <summary>The artifact type; null for an image.</summary>
    [JsonPropertyName("artifactType"), JsonPropertyOrder(2)]
    public string? ArtifactType { get; init; }

    /// <summary>The entries; null in JSON is an empty list.</summary>
    [JsonPropertyName("manifests"), JsonPropertyOrder(3), AllowNull]
    public required IReadOnlyList<Descriptor> Manifests { get; init => field = value ?? []; }

    /// <summary>The subject of this index.</summary>
    [JsonPropertyName("subject"), JsonPropertyOrder(4)]
    public Descriptor? Subject { get; init; }

    /// <summary>The annotations.</summary>
    [JsonPropertyName("annotations"), JsonPropertyOrder(5)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
