using System.Text.Json.Serialization;

namespace Gantry.Oci;

/// <summary>The entry of a manifest in the list of its subject's referrers.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers">
/// OCI distribution-spec 1.1.1, listing referrers
/// </seealso>
internal static class Referrer
{
    /// <summary>Returns the subject of a manifest or index, and its entry in the subject's list; null when it has no subject.</summary>
    public static (Descriptor Subject, Descriptor Entry)? Of(ManifestContent content)
    {
        var document = content.Read("manifest", ReferrerJson.Default.ReferrerDocument);
        return document.Subject is null
            ? null
            : (document.Subject, content.Descriptor with
            {
                ArtifactType = document.ArtifactType ?? document.Config?.MediaType,
                Annotations = document.Annotations,
            });
    }

    /// <summary>Returns the tag of the list when the registry has no referrers API.</summary>
    /// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema">
    /// OCI distribution-spec 1.1.1, referrers tag schema
    /// </seealso>
    public static string FallbackTag(Digest subject) => $"{subject.Algorithm}-{subject.Hex[..Math.Min(subject.Hex.Length, 64)]}";
}

/// <summary>
/// The properties of a manifest that a list of referrers contains; manifests of every kind have them, others are ignored.
/// </summary>
internal sealed record ReferrerDocument
{
    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; init; }

    [JsonPropertyName("config")]
    public Descriptor? Config { get; init; }

    [JsonPropertyName("subject")]
    public Descriptor? Subject { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

[JsonSourceGenerationOptions(
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(DigestJsonConverter), typeof(NonNullListJsonConverter<string>), typeof(TextMapJsonConverter)],
    MaxDepth = 32)]
[JsonSerializable(typeof(ReferrerDocument))]
[JsonSerializable(typeof(string))]
internal sealed partial class ReferrerJson : JsonSerializerContext;
