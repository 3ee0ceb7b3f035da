using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gantry.Signing;

namespace Gantry.Tests.Attestations.Notation;

/// <summary>A root, an authority below it, and a certificate for signing, each of which a test can change.</summary>
internal sealed class SampleCertificates : IDisposable
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static DateTimeOffset From { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Until { get; } = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public X509KeyUsageFlags? Usage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    public bool IsUsageCritical { get; init; } = true;

    public string[]? Purposes { get; init; } = [CodeSigning];

    public bool IsAuthority { get; init; }

    public bool AuthorityIsOne { get; init; } = true;

    public X509KeyUsageFlags AuthorityUsage { get; init; } = X509KeyUsageFlags.KeyCertSign;

    public int? RootPathLength { get; init; }

    public bool IsSignedByAnother { get; init; }

    public AsymmetricAlgorithm? OtherKey { get; init; }

    /// <summary>Creates a signer with the key of the first certificate.</summary>
    public PemSigner CreateSigner() => PemSigner.Parse(_key.ExportPkcs8PrivateKeyPem(), password: null, "the key of the test");

    /// <summary>Creates the certificates: that for signing, the authority, the root.</summary>
    public IReadOnlyList<string> Create()
    {
        using var root = Request("CN=Root of the tests", _rootKey, true, RootPathLength, X509KeyUsageFlags.KeyCertSign)
            .CreateSelfSigned(From.AddYears(-1), Until.AddYears(9));
        using var authority = Request("CN=Authority of the tests", _authorityKey, AuthorityIsOne, null, AuthorityUsage)
            .Create(root, From.AddYears(-1), Until.AddYears(1), [1]);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = RequestForSigning();
        using var certificate = request.Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(IsSignedByAnother ? other : _authorityKey), From, Until, [2]);
        return [certificate.ExportCertificatePem(), authority.ExportCertificatePem(), root.ExportCertificatePem()];
    }

    /// <summary>Creates a certificate for signing that is its own root.</summary>
    public string CreateSelfSigned()
    {
        using var certificate = RequestForSigning().CreateSelfSigned(From, Until);
        return certificate.ExportCertificatePem();
    }

    public void Dispose()
    {
        _rootKey.Dispose();
        _authorityKey.Dispose();
        _key.Dispose();
    }

    private CertificateRequest RequestForSigning()
    {
        const string name = "CN=prod, O=contoso";
        var request = OtherKey is RSA rsa ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, OtherKey as ECDsa ?? _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(IsAuthority, false, 0, critical: true));
        if (Usage is { } usage)
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, IsUsageCritical));
        if (Purposes is { } purposes)
            request.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([.. purposes.Select(purpose => new Oid(purpose))], critical: false));
        return request;
    }

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority, int? pathLength, X509KeyUsageFlags usage)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(isAuthority, pathLength is not null, pathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        return request;
    }
}
