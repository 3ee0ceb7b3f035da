using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Attestations.Rebuilds;

/// <summary>
/// The predicate of <see cref="PredicateTypes.Rebuild"/>: that an image was built again from its commit, and with which result.
/// </summary>
public sealed record RebuildPredicate
{
    /// <summary>The schema that this version writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The result that counts: the digest is the same.</summary>
    public const string Same = "same";

    /// <summary>The schema of the predicate.</summary>
    [JsonPropertyName("schema"), JsonPropertyOrder(0)]
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The version of the release.</summary>
    [JsonPropertyName("version"), JsonPropertyOrder(1)]
    public required string Version { get; init; }

    /// <summary>The commit that was built again, in full.</summary>
    [JsonPropertyName("commit"), JsonPropertyOrder(2)]
    public required string Commit { get; init; }

    /// <summary>The name of the image.</summary>
    [JsonPropertyName("image"), JsonPropertyOrder(3)]
    public required string Image { get; init; }

    /// <summary>The digest of what was built again. With the result <see cref="Same"/>, it is the subject of the statement.</summary>
    [JsonPropertyName("digest"), JsonPropertyOrder(4)]
    public required Digest Digest { get; init; }

    /// <summary>The time, to the second.</summary>
    [JsonPropertyName("rebuilt"), JsonPropertyOrder(5)]
    public required DateTimeOffset Rebuilt { get; init; }

    /// <summary>The person or system, as it calls itself.</summary>
    [JsonPropertyName("by"), JsonPropertyOrder(6)]
    public required string By { get; init; }

    /// <summary>The version of the .NET SDK.</summary>
    [JsonPropertyName("sdk"), JsonPropertyOrder(7)]
    public required string Sdk { get; init; }

    /// <summary>The result: <see cref="Same"/>, or anything else.</summary>
    [JsonPropertyName("result"), JsonPropertyOrder(8)]
    public required string Result { get; init; }

    /// <summary>Serializes the predicate as UTF-8; the same values give the same bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RebuildJson.Writing.RebuildPredicate);

    /// <summary>
    /// Parses a predicate strictly. Throws <c>GAN5028</c> when it is malformed, has another schema or an unknown property, or is blank
    /// where it matters.
    /// </summary>
    /// <param name="predicate">The predicate of a statement.</param>
    /// <param name="origin">The name of the attestation in errors.</param>
    public static RebuildPredicate Read(JsonElement predicate, string origin)
    {
        var rebuild = PredicateReader.Read(
            predicate, RebuildJson.Default.RebuildPredicate, (reason, exception) => RebuildErrors.Malformed(origin, reason, exception));
        return rebuild.Validate() is { } fault ? throw RebuildErrors.Malformed(origin, fault) : rebuild;
    }

    private string? Validate()
    {
        if (Schema != CurrentSchema)
            return $"its schema is {Schema}";
        if (!ReleaseTag.IsVersion(Version))
            return "its version cannot be a tag";
        if (!Names.IsRepository(Image))
            return $"{Format.Refused(Image)} is not the name of an image";
        if (string.IsNullOrWhiteSpace(Commit))
            return "it names no commit";
        if (string.IsNullOrWhiteSpace(By))
            return "it does not say who built again";
        return string.IsNullOrWhiteSpace(Result) ? "it has no result" : null;
    }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(UtcTimeJsonConverter), typeof(DigestJsonConverter)],
    MaxDepth = 16)]
[JsonSerializable(typeof(RebuildPredicate))]
internal sealed partial class RebuildJson : JsonSerializerContext
{
    /// <summary>The context for writing: characters are not escaped for HTML.</summary>
    public static RebuildJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
