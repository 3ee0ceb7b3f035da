using System.Security.Cryptography.X509Certificates;

namespace Gantry.Registries;

/// <summary>A certificate that this program shows, with its key.</summary>
internal static class PemCertificate
{
    /// <summary>Loads both from their files, so that they can be used for TLS on every system.</summary>
    public static X509Certificate2 Load(string certificate, string key)
    {
        var loaded = X509Certificate2.CreateFromPemFile(certificate, key);
        if (!OperatingSystem.IsWindows())
            return loaded;

        // Windows does TLS only with keys that its key store has seen.
        using (loaded)
            return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), password: null);
    }
}
