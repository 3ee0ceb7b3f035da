using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Attestations.Approvals;

/// <summary>
/// The predicate of <see cref="PredicateTypes.Approval"/>: that a person lets one release into one environment, or no longer does. Who it
/// is, the key says that signs it; the name is a claim.
/// </summary>
public sealed record ApprovalPredicate
{
    /// <summary>The schema that this version writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The schema of the predicate.</summary>
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The environment. In another one, the approval does not count.</summary>
    [JsonPropertyName("environment"), JsonPropertyOrder(1)]
    public required string Environment { get; init; }

    /// <summary>The version of the release. For another one with the same image, the approval does not count.</summary>
    [JsonPropertyName("version"), JsonPropertyOrder(2)]
    public required string Version { get; init; }

    /// <summary>The name of the image; its digest is the subject of the statement.</summary>
    [JsonPropertyName("image"), JsonPropertyOrder(3)]
    public required string Image { get; init; }

    /// <summary>The name of the person, as they write it.</summary>
    [JsonPropertyName("approvedBy"), JsonPropertyOrder(4)]
    public required string ApprovedBy { get; init; }

    /// <summary>The time of the approval or withdrawal, to the second.</summary>
    [JsonPropertyName("approved"), JsonPropertyOrder(5)]
    public required DateTimeOffset Approved { get; init; }

    /// <summary>The reason.</summary>
    [JsonPropertyName("reason"), JsonPropertyOrder(6)]
    public required string Reason { get; init; }

    /// <summary>True when approvals that the same key gave until then no longer count.</summary>
    [JsonPropertyName("withdrawn"), JsonPropertyOrder(7)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Withdrawn { get; init; }

    /// <summary>The time from which the approval no longer counts; null for never.</summary>
    [JsonPropertyName("validUntil"), JsonPropertyOrder(8)]
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Serializes the predicate as UTF-8; the same values give the same bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ApprovalJson.Writing.ApprovalPredicate);

    /// <summary>
    /// Parses a predicate strictly. Throws <c>GAN5026</c> when it is malformed, has another schema or an unknown property, or is blank
    /// where it matters.
    /// </summary>
    /// <param name="predicate">The predicate of a statement.</param>
    /// <param name="origin">The name of the attestation in errors.</param>
    public static ApprovalPredicate Read(JsonElement predicate, string origin)
    {
        var approval = PredicateReader.Read(
            predicate, ApprovalJson.Default.ApprovalPredicate, (reason, exception) => ApprovalErrors.Malformed(origin, reason, exception));
        return approval.Validate() is { } fault ? throw ApprovalErrors.Malformed(origin, fault) : approval;
    }

    private string? Validate()
    {
        if (Schema != CurrentSchema)
            return $"its schema is {Schema}";
        if (string.IsNullOrWhiteSpace(Environment))
            return "it names no environment";
        if (!ReleaseTag.IsVersion(Version))
            return "its version cannot be a tag";
        if (!Names.IsRepository(Image))
            return $"{Format.Refused(Image)} is not the name of an image";
        if (string.IsNullOrWhiteSpace(ApprovedBy))
            return "it names no person";
        return string.IsNullOrWhiteSpace(Reason) ? "it has no reason" : null;
    }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(UtcTimeJsonConverter)],
    MaxDepth = 16)]
[JsonSerializable(typeof(ApprovalPredicate))]
internal sealed partial class ApprovalJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML, because people read the reason.</summary>
    public static ApprovalJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
