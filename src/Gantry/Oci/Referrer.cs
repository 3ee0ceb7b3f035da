using System.Text.Json.Serialization;

namespace Gantry.Oci;

/// <summary>How a manifest appears in the list of what refers to its subject.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers">OCI distribution-spec 1.1.1, listing referrers</seealso>
internal static class Referrer
{
    /// <summary>The subject of a manifest or index, and its entry in the subject's list; null when it is about nothing.</summary>
    public static (Descriptor Subject, Descriptor Entry)? Of(ManifestContent content)
    {
        var document = content.Read("manifest", ReferrerJson.Default.ReferrerDocument);
        return document.Subject is null
            ? null
            : (document.Subject, content.Descriptor with { ArtifactType = document.ArtifactType ?? document.Config?.MediaType, Annotations = document.Annotations });
    }

    /// <summary>The tag under which the list is kept where there is no referrers API.</summary>
    /// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema">OCI distribution-spec 1.1.1, referrers tag schema</seealso>
    public static string FallbackTag(Digest subject) => $"{subject.Algorithm}-{subject.Hex[..Math.Min(subject.Hex.Length, 64)]}";
}

/// <summary>What a list of referrers tells, which manifests of every kind have in common; the rest of them is not looked at.</summary>
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

[JsonSourceGenerationOptions(Converters = [typeof(DigestJsonConverter)], MaxDepth = 32)]
[JsonSerializable(typeof(ReferrerDocument))]
internal sealed partial class ReferrerJson : JsonSerializerContext;
