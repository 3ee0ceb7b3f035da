using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Oci;

namespace Gantry.Attestations.Notation;

/// <summary>Reads and writes signatures of Notation, without reflection.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(DigestJsonConverter), typeof(NonNullListJsonConverter<string>), typeof(TextMapJsonConverter), typeof(SecondsJsonConverter),
    ],
    MaxDepth = Limits.JsonDepth)]
[JsonSerializable(typeof(JwsEnvelope))]
[JsonSerializable(typeof(JwsHeader))]
[JsonSerializable(typeof(JwsPayload))]
[JsonSerializable(typeof(string))]
internal sealed partial class NotationJson : JsonSerializerContext
{
    /// <summary>The context for writing: base64 and media types are not escaped for HTML.</summary>
    public static NotationJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>A JWS in flattened JSON.</summary>
internal sealed record JwsEnvelope
{
    [JsonPropertyName("payload"), JsonPropertyOrder(0)]
    public required string Payload { get; init; }

    [JsonPropertyName("protected"), JsonPropertyOrder(1)]
    public required string Protected { get; init; }

    [JsonPropertyName("header"), JsonPropertyOrder(2)]
    public required JwsUnprotectedHeader Header { get; init; }

    [JsonPropertyName("signature"), JsonPropertyOrder(3)]
    public required string Signature { get; init; }
}

/// <summary>The part of the header that is not signed.</summary>
internal sealed record JwsUnprotectedHeader
{
    [JsonPropertyName("x5c"), JsonPropertyOrder(0)]
    public required IReadOnlyList<string> Certificates { get; init; }

    [JsonPropertyName("io.cncf.notary.signingAgent"), JsonPropertyOrder(1)]
    public string? SigningAgent { get; init; }
}

/// <summary>The part of the header that is signed.</summary>
internal sealed record JwsHeader
{
    private const string SchemeName = "io.cncf.notary.signingScheme";
    private const string ExpiryName = "io.cncf.notary.expiry";

    [JsonPropertyName("alg"), JsonPropertyOrder(0)]
    public required string Algorithm { get; init; }

    /// <summary>The names that a verifier must understand.</summary>
    [JsonPropertyName("crit"), JsonPropertyOrder(1)]
    public required IReadOnlyList<string> Critical { get; init; }

    [JsonPropertyName("cty"), JsonPropertyOrder(2)]
    public required string ContentType { get; init; }

    [JsonPropertyName(SchemeName), JsonPropertyOrder(3)]
    public required string SigningScheme { get; init; }

    [JsonPropertyName("io.cncf.notary.signingTime"), JsonPropertyOrder(4)]
    public required DateTimeOffset SigningTime { get; init; }

    [JsonPropertyName(ExpiryName), JsonPropertyOrder(5)]
    public DateTimeOffset? Expiry { get; init; }

    public static JwsHeader Of(DateTimeOffset time, DateTimeOffset? expiry) => new()
    {
        Algorithm = NotationSignature.Algorithm,
        Critical = expiry is null ? [SchemeName] : [SchemeName, ExpiryName],
        ContentType = NotationSignature.PayloadType,
        SigningScheme = NotationSignature.Scheme,
        SigningTime = time,
        Expiry = expiry,
    };
}

/// <summary>What is signed.</summary>
internal sealed record JwsPayload
{
    [JsonPropertyName("targetArtifact")]
    public required Descriptor TargetArtifact { get; init; }
}

/// <summary>Converts times to and from RFC 3339; they are written in UTC and without fractions of a second.</summary>
internal sealed class SecondsJsonConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time)
            ? time
            : throw new JsonException("not a time");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format.Rfc3339(value));
}
