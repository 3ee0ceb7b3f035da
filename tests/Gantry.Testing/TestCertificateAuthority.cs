using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gantry.Testing;

/// <summary>A certificate authority whose certificates are valid for a day.</summary>
public sealed class TestCertificateAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private readonly X509Certificate2 _withKey;
    private readonly DateTimeOffset _from = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly DateTimeOffset _until = DateTimeOffset.UtcNow.AddDays(1);

    public TestCertificateAuthority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Authority of the tests", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _withKey = request.CreateSelfSigned(_from, _until);
        Certificate = X509CertificateLoader.LoadCertificate(_withKey.RawData);
    }

    /// <summary>Gets the certificate to trust.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Issues a certificate with its key, for a server or a client of this name.</summary>
    public X509Certificate2 Issue(string name, bool forClient = false)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(forClient ? ClientUse : ServerUse)], critical: false));
        using var issued = request.Create(_withKey, _from, _until.AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>Writes a certificate and its key as PEM files.</summary>
    public (string Certificate, string Key) IssueFiles(TempFolder folder, string name, bool forClient = false)
    {
        using var certificate = Issue(name, forClient);
        using var key = certificate.GetRSAPrivateKey()!;
        return (
            folder.Write($"{name}.cert", System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())),
            folder.Write($"{name}.key", System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem())));
    }

    /// <summary>Writes the certificate to trust as a PEM file.</summary>
    public string WriteAuthority(TempFolder folder) =>
        folder.Write("ca.crt", System.Text.Encoding.ASCII.GetBytes(Certificate.ExportCertificatePem()));

    public void Dispose()
    {
        Certificate.Dispose();
        _withKey.Dispose();
    }
}
