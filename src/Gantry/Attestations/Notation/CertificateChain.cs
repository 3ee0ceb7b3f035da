using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gantry.IO;
using Gantry.Signing;

namespace Gantry.Attestations.Notation;

/// <summary>
/// The certificates of a key that signs for Notation: that of the key first, the root last. Its key is ECDSA with the curve P-256.
/// </summary>
/// <seealso href="https://github.com/notaryproject/specifications/blob/main/specs/signature-specification.md#certificate-requirements">
/// Notary Project, certificate requirements
/// </seealso>
public sealed class CertificateChain
{
    private const string Label = "CERTIFICATE";

    private CertificateChain(IReadOnlyList<X509Certificate2> certificates, VerificationKey key, string origin)
    {
        Origin = origin;
        Key = key;
        Subject = certificates[0].Subject;
        Certificates = [.. certificates.Select(certificate => (ReadOnlyMemory<byte>)certificate.RawData)];
        Thumbprints = [.. Certificates.Select(certificate => Convert.ToHexString(SHA256.HashData(certificate.Span)))];
        NotBefore = certificates.Max(certificate => new DateTimeOffset(certificate.NotBefore).ToUniversalTime());
        NotAfter = certificates.Min(certificate => new DateTimeOffset(certificate.NotAfter).ToUniversalTime());
    }

    /// <summary>The certificates in DER.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; }

    /// <summary>The SHA-256 hashes of the certificates, in upper-case hexadecimal.</summary>
    public IReadOnlyList<string> Thumbprints { get; }

    /// <summary>The public key of the first certificate.</summary>
    public VerificationKey Key { get; }

    /// <summary>The subject of the first certificate, by which a trust policy names it: <c>CN=prod, O=contoso</c>.</summary>
    public string Subject { get; }

    /// <summary>The time from which all certificates are valid.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>The time until which all certificates are valid.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The name in errors.</summary>
    internal string Origin { get; }

    /// <summary>
    /// Reads certificates in PEM. Throws <c>GAN4243</c> when they are not a chain, in order and with its root, that a verifier of Notation
    /// accepts for signing.
    /// </summary>
    /// <param name="pem">One text, or several in the order of the chain.</param>
    /// <param name="origin">The name in errors: the file.</param>
    public static CertificateChain Parse(string pem, string origin)
    {
        var certificates = new List<X509Certificate2>();
        try
        {
            Load(pem, certificates, origin);
            CertificateRules.Ensure(certificates, origin);
            using var key = certificates[0].GetECDsaPublicKey();
            return new CertificateChain(
                certificates,
                key is null
                    ? throw NotationErrors.UnusableChain(origin, "the key of its first certificate is not ECDSA")
                    : VerificationKey.Of(key, origin),
                origin);
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            // The parts of a certificate are parsed when they are used.
            throw NotationErrors.UnusableChain(origin, "a part of its certificates cannot be read", exception);
        }
        finally
        {
            certificates.ForEach(certificate => certificate.Dispose());
        }
    }

    /// <summary>Reads certificates in PEM files, in the order of the chain; throws like <see cref="Parse"/>.</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<CertificateChain> ReadFilesAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var origin = $"the certificate {string.Join(", ", paths)}";
        var texts = new List<string>();
        foreach (var path in paths)
        {
            try
            {
                if (new FileInfo(path).Length > Limits.KeyFileBytes)
                    throw NotationErrors.UnusableChain(origin, $"a file is larger than {Format.Bytes(Limits.KeyFileBytes)}");
                texts.Add(await RegularFile.ReadAllTextAsync(path, cancellationToken));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw NotationErrors.UnusableChain(origin, exception.Message.TrimEnd('.'), exception);
            }
        }

        return Parse(string.Join('\n', texts), origin);
    }

    private static void Load(string pem, List<X509Certificate2> certificates, string origin)
    {
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is not Label)
                throw NotationErrors.UnusableChain(origin, $"it has a block {rest[fields.Label]}");
            try
            {
                var bytes = Convert.FromBase64String(rest[fields.Base64Data].ToString());
                certificates.Add(X509CertificateLoader.LoadCertificate(bytes));
            }
            catch (CryptographicException exception)
            {
                throw NotationErrors.UnusableChain(origin, $"its certificate {certificates.Count + 1} cannot be read", exception);
            }

            rest = rest[fields.Location.End.Value..];
        }

        if (certificates.Count == 0)
            throw NotationErrors.UnusableChain(origin, $"it has no PEM block {Label}");
    }
}
