using System.Security.Cryptography.X509Certificates;
using Gantry.IO;

namespace Gantry.Registries;

/// <summary>Loads a client certificate with its key.</summary>
public static class PemCertificate
{
    /// <summary>Loads both from their files in a form that TLS can use on every system.</summary>
    public static X509Certificate2 Load(string certificate, string key)
    {
        RegularFile.Ensure(certificate);
        RegularFile.Ensure(key);
        var loaded = X509Certificate2.CreateFromPemFile(certificate, key);
        if (!OperatingSystem.IsWindows())
            return loaded;

        // Windows uses only keys from its key store for TLS.
        using (loaded)
            return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), password: null);
    }
}
