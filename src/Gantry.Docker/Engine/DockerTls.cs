using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gantry.Registries;

namespace Gantry.Docker.Engine;

/// <summary>TLS settings for an engine: the files that Docker's client reads, and whether the engine's certificate is verified.</summary>
/// <param name="Folder">
/// The folder with <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c>, each of which may be missing; null for none.
/// </param>
/// <param name="Origin">The setting that the folder comes from, for messages.</param>
/// <param name="Verify">True when the engine's certificate is verified.</param>
/// <seealso href="https://docs.docker.com/engine/security/protect-access/">Docker, protect the daemon socket</seealso>
internal sealed record DockerTls(string? Folder, string Origin, bool Verify)
{
    /// <summary>No client certificate, and the trusted authorities of the operating system.</summary>
    public static DockerTls SystemTrust(string origin) => new(null, origin, Verify: true);

    /// <summary>Reads DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH. Returns null when they do not ask for TLS.</summary>
    public static DockerTls? FromEnvironment(DockerEnvironment environment)
    {
        var verify = environment.FindVariable("DOCKER_TLS_VERIFY") is not null;
        if (!verify && environment.FindVariable("DOCKER_TLS") is null)
            return null;

        var named = environment.FindVariable("DOCKER_CERT_PATH");
        if (named is not null && !Directory.Exists(named))
            throw DockerErrors.UnusableCertificate(named, "DOCKER_CERT_PATH", "there is no such folder");
        return new DockerTls(named ?? environment.ConfigurationFolder, named is null ? "DOCKER_TLS_VERIFY" : "DOCKER_CERT_PATH", verify);
    }

    /// <summary>Reads the TLS settings of a context. Returns null when it has no files and verifies certificates as usual.</summary>
    public static DockerTls? FromFolder(string folder, string origin, bool verify) =>
        Directory.Exists(folder) ? new DockerTls(folder, origin, verify)
        : verify ? null
        : new DockerTls(null, origin, Verify: false);

    /// <summary>Reads the certificate files, or throws <c>GAN6007</c>.</summary>
    [SuppressMessage(
        "Security",
        "CA5359",
        Justification = "Only where the user's context or environment says that the engine need not prove itself.")]
    public SslClientAuthenticationOptions CreateOptions()
    {
        var options = new SslClientAuthenticationOptions();
        try
        {
            if (FindFile("cert.pem") is { } certificate && FindFile("key.pem") is { } key)
                options.ClientCertificates = [PemCertificate.Load(certificate, key)];
            if (Verify && FindFile("ca.pem") is { } authorities)
                options.CertificateChainPolicy = TrustOnly(authorities);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw DockerErrors.UnusableCertificate(Folder!, Origin, exception.Message, exception);
        }

        if (!Verify)
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        return options;
    }

    private static X509ChainPolicy TrustOnly(string authorities)
    {
        // Private authorities publish no revocation lists; Docker's client does not check them either.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authorities);
        return policy;
    }

    private string? FindFile(string name)
    {
        if (Folder is null)
            return null;
        var file = Path.Combine(Folder, name);
        return File.Exists(file) ? file : null;
    }
}
