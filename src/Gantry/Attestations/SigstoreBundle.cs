using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Signing;

namespace Gantry.Attestations;

/// <summary>
/// A DSSE envelope with exactly one signature by a key, in the format that cosign 3 reads: a sigstore bundle, version 0.3.
/// </summary>
/// <remarks>
/// Cosign silently skips a bundle with an unknown field, and other verifiers refuse one with two signatures: both are errors here. The key
/// hint is not authenticated, and decides nothing. Times of a timestamp authority are not read.
/// </remarks>
/// <seealso href="https://docs.sigstore.dev/about/bundle/">Sigstore, bundle format</seealso>
public sealed class SigstoreBundle
{
    /// <summary>The media type of a bundle, and the type of the artifact that contains it.</summary>
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    private readonly byte[] _hash;
    private readonly byte[] _signature;

    private SigstoreBundle(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> payload, string payloadType, byte[] signature, string? hint)
    {
        Bytes = bytes;
        Payload = payload;
        PayloadType = payloadType;
        Hint = hint;
        _signature = signature;
        _hash = Dsse.Hash(payloadType, payload.Span);
    }

    /// <summary>The bundle as JSON.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The payload: the very bytes that the signature is of, if it is.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The type of the payload.</summary>
    public string PayloadType { get; }

    /// <summary>
    /// The hint at the key, which anyone can have written: the SHA-256 hash of the public key in base64. Null when there is none.
    /// </summary>
    public string? Hint { get; }

    /// <summary>Returns true when the signature is of the payload and its type, by this key.</summary>
    public bool IsSignedBy(VerificationKey key) => key.Verify(_hash, _signature);

    /// <summary>
    /// Signs a statement. The signature is verified before anything else is done with it: throws <c>GAN4227</c> when the signer has another
    /// key than it says; the errors of the signer.
    /// </summary>
    /// <param name="statement">The statement, as JSON.</param>
    /// <param name="signer">The signer.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<SigstoreBundle> SignAsync(byte[] statement, ISigner signer, CancellationToken cancellationToken)
    {
        var key = await signer.GetPublicKeyAsync(cancellationToken);
        var hash = Dsse.Hash(Dsse.InTotoPayload, statement);
        var signature = await signer.SignAsync(hash, cancellationToken);
        key.EnsureVerifies(hash, signature.Span, signer.Description);
        var document = new BundleDocument
        {
            MediaType = MediaType,
            VerificationMaterial = new BundleMaterial { PublicKey = new BundlePublicKey { Hint = key.Hint } },
            DsseEnvelope = new BundleEnvelope
            {
                Payload = Convert.ToBase64String(statement),
                PayloadType = Dsse.InTotoPayload,
                Signatures = [new BundleSignature { Sig = Convert.ToBase64String(signature.Span) }],
            },
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, BundleJson.Writing.BundleDocument);
        return new SigstoreBundle(bytes, statement, Dsse.InTotoPayload, signature.ToArray(), key.Hint);
    }

    /// <summary>
    /// Parses a bundle strictly. Throws <c>GAN4209</c> when it is not a bundle of version 0.3 with a key, has an unknown or repeated field,
    /// or more or fewer than one signature.
    /// </summary>
    /// <param name="bytes">The bundle.</param>
    /// <param name="origin">The name of the attestation in errors.</param>
    public static SigstoreBundle Read(ReadOnlyMemory<byte> bytes, string origin)
    {
        BundleDocument document;
        try
        {
            document = JsonSerializer.Deserialize(bytes.Span, BundleJson.Default.BundleDocument) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw AttestationErrors.Malformed(origin, $"its bundle is not one: {exception.Message.TrimEnd('.')}", exception);
        }

        if (document.MediaType != MediaType)
            throw AttestationErrors.Malformed(origin, $"its bundle has the type {Format.Refused(document.MediaType)}");
        if (document.VerificationMaterial.PublicKey is not { } key)
            throw AttestationErrors.Malformed(origin, "its bundle names no key");
        return Of(bytes, document.DsseEnvelope, key.Hint, origin);
    }

    /// <summary>Parses the envelope alone, as cosign stores it under its earlier tags; throws <c>GAN4209</c>.</summary>
    /// <param name="bytes">The envelope.</param>
    /// <param name="origin">The name of the attestation in errors.</param>
    internal static SigstoreBundle ReadEnvelope(ReadOnlyMemory<byte> bytes, string origin)
    {
        try
        {
            var envelope = JsonSerializer.Deserialize(bytes.Span, BundleJson.Default.BundleEnvelope);
            return Of(bytes, envelope ?? throw new JsonException("it is null"), hint: null, origin);
        }
        catch (JsonException exception)
        {
            throw AttestationErrors.Malformed(origin, $"its envelope is not one: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static SigstoreBundle Of(ReadOnlyMemory<byte> bytes, BundleEnvelope envelope, string? hint, string origin) =>
        envelope.Signatures is [var signature]
            ? new(bytes, Decode(envelope.Payload, origin), envelope.PayloadType, Decode(signature.Sig, origin), hint)
            : throw AttestationErrors.Malformed(origin, $"it has {Format.Count(envelope.Signatures.Count, "signature")} instead of one");

    /// <summary>
    /// Serializes the envelope alone, as cosign stores it under its earlier tags, where verifiers expect an empty name of the key. The same
    /// bundle gives the same bytes.
    /// </summary>
    internal byte[] WriteEnvelope() => JsonSerializer.SerializeToUtf8Bytes(
        new BundleEnvelope
        {
            Payload = Convert.ToBase64String(Payload.Span),
            PayloadType = PayloadType,
            Signatures = [new BundleSignature { Sig = Convert.ToBase64String(_signature), KeyId = "" }],
        },
        BundleJson.Writing.BundleEnvelope);

    // Both alphabets of base64 are to be accepted (DSSE, protocol).
    private static byte[] Decode(string text, string origin)
    {
        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        standard = standard.PadRight((standard.Length + 3) / 4 * 4, '=');
        return Base64.IsValid(standard)
            ? Convert.FromBase64String(standard)
            : throw AttestationErrors.Malformed(origin, "a part of its envelope is not base64");
    }
}

internal sealed record BundleDocument
{
    [JsonPropertyName("mediaType"), JsonPropertyOrder(0)]
    public required string MediaType { get; init; }

    [JsonPropertyName("verificationMaterial"), JsonPropertyOrder(1)]
    public required BundleMaterial VerificationMaterial { get; init; }

    [JsonPropertyName("dsseEnvelope"), JsonPropertyOrder(2)]
    public required BundleEnvelope DsseEnvelope { get; init; }
}

internal sealed record BundleMaterial
{
    [JsonPropertyName("publicKey"), JsonPropertyOrder(0)]
    public BundlePublicKey? PublicKey { get; init; }

    /// <summary>Entries of transparency logs: allowed, not read.</summary>
    [JsonPropertyName("tlogEntries"), JsonPropertyOrder(1)]
    public JsonElement? TlogEntries { get; init; }

    /// <summary>Times of timestamp authorities: allowed, not read.</summary>
    [JsonPropertyName("timestampVerificationData"), JsonPropertyOrder(2)]
    public JsonElement? TimestampVerificationData { get; init; }
}

internal sealed record BundlePublicKey
{
    [JsonPropertyName("hint"), JsonPropertyOrder(0)]
    public string? Hint { get; init; }
}

internal sealed record BundleEnvelope
{
    [JsonPropertyName("payload"), JsonPropertyOrder(0)]
    public required string Payload { get; init; }

    [JsonPropertyName("payloadType"), JsonPropertyOrder(1)]
    public required string PayloadType { get; init; }

    [JsonPropertyName("signatures"), JsonPropertyOrder(2)]
    public required IReadOnlyList<BundleSignature> Signatures { get; init; }
}

internal sealed record BundleSignature
{
    [JsonPropertyName("sig"), JsonPropertyOrder(0)]
    public required string Sig { get; init; }

    /// <summary>The name of the key, which is not authenticated. Not written: verifiers in Go skip signatures by it.</summary>
    [JsonPropertyName("keyid"), JsonPropertyOrder(1)]
    public string? KeyId { get; init; }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(Oci.NonNullListJsonConverter<BundleSignature>)],
    MaxDepth = Limits.JsonDepth)]
[JsonSerializable(typeof(BundleDocument))]
[JsonSerializable(typeof(BundleEnvelope))]
[JsonSerializable(typeof(BundleSignature))]
internal sealed partial class BundleJson : JsonSerializerContext
{
    /// <summary>The context for writing: base64 is not escaped for HTML.</summary>
    public static BundleJson Writing =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
