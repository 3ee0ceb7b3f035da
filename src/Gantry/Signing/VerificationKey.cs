using System.Security.Cryptography;

namespace Gantry.Signing;

/// <summary>A public key that verifies signatures: ECDSA with the curve P-256. Keys are equal when their bytes are.</summary>
/// <seealso href="https://datatracker.ietf.org/doc/html/rfc5480">RFC 5480, SubjectPublicKeyInfo of elliptic curves</seealso>
public sealed class VerificationKey : IEquatable<VerificationKey>
{
    private const string CurveP256 = "1.2.840.10045.3.1.7";
    private const string Label = "PUBLIC KEY";

    private readonly byte[] _info;

    private VerificationKey(byte[] info)
    {
        _info = info;
        var hash = SHA256.HashData(info);
        Id = Convert.ToHexStringLower(hash);
        Hint = Convert.ToBase64String(hash);
    }

    /// <summary>The identity of the key: the SHA-256 hash of its SubjectPublicKeyInfo, in lower-case hexadecimal.</summary>
    public string Id { get; }

    /// <summary>The first twelve characters of <see cref="Id"/>: enough for a person to distinguish keys, never for a program.</summary>
    public string ShortId => Id[..12];

    /// <summary>The hint that names this key in a sigstore bundle: the hash of <see cref="Id"/>, in base64.</summary>
    public string Hint { get; }

    /// <summary>Creates the public part of a key; throws <c>GAN4221</c> when it is not ECDSA with the curve P-256.</summary>
    /// <param name="key">A private or public key.</param>
    /// <param name="origin">The name of the key in errors.</param>
    public static VerificationKey Of(ECDsa key, string origin)
    {
        EnsureCurve(key, origin);
        return new VerificationKey(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>
    /// Reads a public key in PEM (RFC 7468, section 13): the only block <c>PUBLIC KEY</c> of the text. Throws <c>GAN4221</c> when there is
    /// no such key.
    /// </summary>
    /// <param name="pem">The text.</param>
    /// <param name="origin">The name of the key in errors.</param>
    public static VerificationKey Parse(string pem, string origin)
    {
        if (!PemEncoding.TryFind(pem, out var fields))
            throw SigningErrors.NotAPublicKey(origin, "it has no PEM block");
        if (pem[fields.Label] is not Label and var other)
            throw SigningErrors.NotAPublicKey(origin, $"it has a block {Format.Refused(other)} instead of {Label}");
        if (PemEncoding.TryFind(pem.AsSpan(fields.Location.End.Value), out _))
            throw SigningErrors.NotAPublicKey(origin, "it has several PEM blocks");
        return FromInfo(Convert.FromBase64String(pem[fields.Base64Data]), origin);
    }

    /// <summary>Reads a SubjectPublicKeyInfo in DER; throws <c>GAN4221</c> when it is not one of this curve.</summary>
    /// <param name="info">The bytes.</param>
    /// <param name="origin">The name of the key in errors.</param>
    public static VerificationKey FromInfo(ReadOnlySpan<byte> info, string origin)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(info, out var read);
            if (read != info.Length)
                throw SigningErrors.NotAPublicKey(origin, "something follows the key");
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            // The latter is thrown for a curve that the platform does not know.
            throw SigningErrors.NotAPublicKey(origin, "it is not the public key of an elliptic curve", exception);
        }

        return Of(key, origin);
    }

    /// <summary>Returns true when a signature of this key is of a digest.</summary>
    /// <param name="digest">The SHA-256 digest of what was signed.</param>
    /// <param name="signature">The signature, <c>ECDSA-Sig-Value</c> in DER; anything else is none.</param>
    public bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        // A key of its own for each call: those of the platform are not promised to be safe for concurrent use.
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_info, out _);
        try
        {
            return key.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            // Some platforms throw for bytes that are not DER.
            return false;
        }
    }

    /// <summary>
    /// Verifies what a signer has returned, before anything else is done with it. Throws <c>GAN4227</c> when it is not a signature of a
    /// digest by this key.
    /// </summary>
    /// <param name="digest">The SHA-256 digest of what was signed.</param>
    /// <param name="signature">The signature, <c>ECDSA-Sig-Value</c> in DER.</param>
    /// <param name="signer">The description of the signer.</param>
    public void EnsureVerifies(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, string signer)
    {
        if (!Verify(digest, signature))
            throw SigningErrors.DoesNotSign(signer, ShortId);
    }

    /// <summary>Formats the key as PEM, with a line feed at the end.</summary>
    public string ToPem() => PemEncoding.WriteString(Label, _info) + "\n";

    /// <inheritdoc/>
    public bool Equals(VerificationKey? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerificationKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => ShortId;

    private static void EnsureCurve(ECDsa key, string origin)
    {
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid is not { } curve
            || (curve.Value ?? Oid.FromFriendlyName(curve.FriendlyName!, OidGroup.PublicKeyAlgorithm).Value) != CurveP256)
            throw SigningErrors.OtherCurve(origin);
    }
}
