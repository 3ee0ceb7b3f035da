using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Attestations;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>
/// The signed form of a promotion: a verification summary of SLSA about one image at one place, with the promotion record as its extension.
/// </summary>
/// <seealso href="https://slsa.dev/spec/v1.2/verification_summary">SLSA 1.2, verification summary attestation</seealso>
internal sealed record VerificationSummary
{
    /// <summary>The level of an image whose promotion has passed every check.</summary>
    public const string Promoted = "GANTRY_PROMOTED";

    /// <summary>
    /// The level of an image for which a person has overridden a check with a reason: a soak time, or the digest of a tag.
    /// </summary>
    public const string Overridden = "GANTRY_OVERRIDDEN";

    /// <summary>The level of an image that has passed an environment or a check by break-glass.</summary>
    public const string BreakGlass = "GANTRY_BREAK_GLASS";

    /// <summary>The level of an image whose provenance was verified.</summary>
    public const string BuildLevel1 = "SLSA_BUILD_LEVEL_1";

    public const string Passed = "PASSED";

    public const string Failed = "FAILED";

    [JsonPropertyName("verifier"), JsonPropertyOrder(0)]
    public required Verifier Verifier { get; init; }

    [JsonPropertyName("timeVerified"), JsonPropertyOrder(1)]
    public required DateTimeOffset TimeVerified { get; init; }

    [JsonPropertyName("resourceUri"), JsonPropertyOrder(2)]
    public required string ResourceUri { get; init; }

    [JsonPropertyName("policy"), JsonPropertyOrder(3)]
    public required ResourceDescriptor Policy { get; init; }

    [JsonPropertyName("inputAttestations"), JsonPropertyOrder(4)]
    public IReadOnlyList<ResourceDescriptor>? InputAttestations { get; init; }

    [JsonPropertyName("verificationResult"), JsonPropertyOrder(5)]
    public required string VerificationResult { get; init; }

    [JsonPropertyName("verifiedLevels"), JsonPropertyOrder(6)]
    public required IReadOnlyList<string> VerifiedLevels { get; init; }

    [JsonPropertyName("slsaVersion"), JsonPropertyOrder(7)]
    public string? SlsaVersion { get; init; }

    [JsonPropertyName(PredicateTypes.Promotion), JsonPropertyOrder(8)]
    public required PromotionRecord Record { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SummaryJson.Writing.VerificationSummary);

    /// <summary>Parses the summary strictly; throws <c>GAN4209</c> when it is not one that Gantry writes.</summary>
    public static VerificationSummary Read(Attestation attestation)
    {
        var summary = PredicateReader.Read(
            attestation.Statement.Predicate,
            SummaryJson.Default.VerificationSummary,
            (reason, exception) => AttestationErrors.Malformed(attestation.Origin, $"it is no promotion: {reason}", exception));
        if (summary.Record.Validate() is { } fault)
            throw AttestationErrors.Malformed(attestation.Origin, fault);
        return summary.VerificationResult is Passed or Failed
            ? summary
            : throw AttestationErrors.Malformed(attestation.Origin, "it says neither PASSED nor FAILED");
    }
}

/// <summary>The program that verified.</summary>
internal sealed record Verifier
{
    [JsonPropertyName("id"), JsonPropertyOrder(0)]
    public required string Id { get; init; }

    [JsonPropertyName("version"), JsonPropertyOrder(1)]
    public IReadOnlyDictionary<string, string>? Version { get; init; }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(DigestJsonConverter), typeof(GateVerdictJsonConverter), typeof(NonNullListJsonConverter<RecordedApproval>),
        typeof(NonNullListJsonConverter<RecordedGate>), typeof(NonNullListJsonConverter<RecordedHost>),
        typeof(NonNullListJsonConverter<ResourceDescriptor>), typeof(NonNullListJsonConverter<string>), typeof(TextMapJsonConverter),
        typeof(PreciseTimeJsonConverter),
    ],
    MaxDepth = 16)]
[JsonSerializable(typeof(VerificationSummary))]
[JsonSerializable(typeof(RecordedApproval))]
[JsonSerializable(typeof(RecordedGate))]
[JsonSerializable(typeof(RecordedHost))]
[JsonSerializable(typeof(ResourceDescriptor))]
[JsonSerializable(typeof(string))]
internal sealed partial class SummaryJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML, because people read it.</summary>
    public static SummaryJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
