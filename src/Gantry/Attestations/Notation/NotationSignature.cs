using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Attestations.Notation;

/// <summary>
/// A signature for verifiers of the Notary Project (Notation, Ratify, Kyverno): a JWS in flattened JSON that names an image, with the
/// certificates of the key.
/// </summary>
/// <seealso href="https://github.com/notaryproject/specifications/blob/main/specs/signature-envelope-jws.md">
/// Notary Project, JWS signature envelope
/// </seealso>
public sealed class NotationSignature
{
    /// <summary>The media type of the envelope.</summary>
    public const string MediaType = "application/jose+json";

    internal const string Algorithm = "ES256";
    internal const string PayloadType = "application/vnd.cncf.notary.payload.v1+json";
    internal const string Scheme = "notary.x509";
    internal const string ReservedPrefix = "io.cncf.notary";

    private readonly byte[] _hash;
    private readonly byte[] _signature;

    private NotationSignature(ReadOnlyMemory<byte> bytes, JwsEnvelope envelope, JwsHeader header, Descriptor target, byte[] signature)
    {
        Bytes = bytes;
        Target = target;
        SigningTime = header.SigningTime;
        Expiry = header.Expiry;
        Thumbprints = [.. envelope.Header.Certificates.Select(Thumbprint)];
        _hash = Hash(envelope.Protected, envelope.Payload);
        _signature = signature;
    }

    /// <summary>The envelope as JSON.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The image that it names.</summary>
    public Descriptor Target { get; }

    /// <summary>The time that the signer has named.</summary>
    public DateTimeOffset SigningTime { get; }

    /// <summary>The time after which it is not to be used; null for never.</summary>
    public DateTimeOffset? Expiry { get; }

    /// <summary>The SHA-256 hashes of its certificates, in upper-case hexadecimal. Anyone can have written them.</summary>
    public IReadOnlyList<string> Thumbprints { get; }

    /// <summary>
    /// Returns true when the signature is by the key of these certificates, and has the same ones.
    /// </summary>
    /// <param name="chain">The certificates.</param>
    public bool IsSignedBy(CertificateChain chain) =>
        Thumbprints.SequenceEqual(chain.Thumbprints) && chain.Key.Verify(_hash, EcdsaSignature.ToDer(_signature));

    /// <summary>Returns true when the signature is by this key, whatever its certificates are.</summary>
    internal bool IsSignedBy(VerificationKey key) => key.Verify(_hash, EcdsaSignature.ToDer(_signature));

    /// <summary>
    /// Signs an image. Throws <c>GAN4244</c> when the signer has another key than the certificate, <c>GAN4245</c> when a certificate is not
    /// valid at that time, <c>GAN4227</c> when the signer does not sign with its key, and the errors of the signer.
    /// </summary>
    /// <param name="image">The descriptor of the image; its media type, digest and size are signed.</param>
    /// <param name="chain">The certificates.</param>
    /// <param name="signer">The signer, whose key is that of the first certificate.</param>
    /// <param name="options">What else is signed.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">An annotation has a reserved name, or the expiry is not after the time.</exception>
    public static async Task<NotationSignature> SignAsync(
        Descriptor image, CertificateChain chain, ISigner signer, NotationSignatureOptions options, CancellationToken cancellationToken)
    {
        if (options.Validate() is { } fault)
            throw new ArgumentException(fault, nameof(options));
        var key = await signer.GetPublicKeyAsync(cancellationToken);
        if (!key.Equals(chain.Key))
            throw NotationErrors.OtherKey(chain, signer.Description, key.ShortId);
        if (options.Time < chain.NotBefore || options.Time > chain.NotAfter)
            throw NotationErrors.NotValidAt(chain, options.Time);

        var payload = new JwsPayload
        {
            TargetArtifact = new Descriptor
            {
                MediaType = image.MediaType,
                Digest = image.Digest,
                Size = image.Size,
                Annotations = options.Annotations.Count == 0
                    ? null
                    : new SortedDictionary<string, string>(options.Annotations.ToDictionary(), StringComparer.Ordinal),
            },
        };
        var header = JwsHeader.Of(options.Time, options.Expiry);
        var (headerText, payloadText) =
            (Encode(header, NotationJson.Writing.JwsHeader), Encode(payload, NotationJson.Writing.JwsPayload));
        var hash = Hash(headerText, payloadText);
        var der = await signer.SignAsync(hash, cancellationToken);
        key.EnsureVerifies(hash, der.Span, signer.Description);

        var signature = EcdsaSignature.ToFixed(der);
        var envelope = new JwsEnvelope
        {
            Payload = payloadText,
            Protected = headerText,
            Header = new JwsUnprotectedHeader
            {
                Certificates = [.. chain.Certificates.Select(certificate => Convert.ToBase64String(certificate.Span))],
                SigningAgent = options.Agent,
            },
            Signature = Base64Url.EncodeToString(signature),
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(envelope, NotationJson.Writing.JwsEnvelope);
        return new NotationSignature(bytes, envelope, header, payload.TargetArtifact, signature);
    }

    /// <summary>
    /// Parses an envelope with a signature of ECDSA P-256. Nothing in it is verified before <see cref="IsSignedBy(CertificateChain)"/>.
    /// Throws <c>GAN4246</c>.
    /// </summary>
    /// <param name="bytes">The envelope.</param>
    /// <param name="origin">The name of the signature in errors.</param>
    public static NotationSignature Read(ReadOnlyMemory<byte> bytes, string origin)
    {
        try
        {
            var envelope = Deserialize(bytes.Span, NotationJson.Default.JwsEnvelope);
            var header = Deserialize(Base64Url.DecodeFromChars(envelope.Protected), NotationJson.Default.JwsHeader);
            var payload = Deserialize(Base64Url.DecodeFromChars(envelope.Payload), NotationJson.Default.JwsPayload);
            var signature = Base64Url.DecodeFromChars(envelope.Signature);
            if (header is not { Algorithm: Algorithm, ContentType: PayloadType, SigningScheme: Scheme })
                throw NotationErrors.Malformed(origin, "it is of another algorithm, content or scheme");
            return signature.Length == EcdsaSignature.FixedLength
                ? new NotationSignature(bytes, envelope, header, payload.TargetArtifact, signature)
                : throw NotationErrors.Malformed(origin, $"its signature has {Format.Count(signature.Length, "byte")}");
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw NotationErrors.Malformed(origin, "it is not a JWS with what Notation signs", exception);
        }
    }

    private static T Deserialize<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class => JsonSerializer.Deserialize(json, type) ?? throw new JsonException("it is null");

    private static string Encode<T>(T value, JsonTypeInfo<T> type) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value, type));

    // RFC 7515, section 5.1.
    private static byte[] Hash(string header, string payload) => SHA256.HashData(Encoding.ASCII.GetBytes($"{header}.{payload}"));

    private static string Thumbprint(string certificate) => Convert.ToHexString(SHA256.HashData(Convert.FromBase64String(certificate)));
}
