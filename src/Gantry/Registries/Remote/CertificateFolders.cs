using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gantry.IO;

namespace Gantry.Registries.Remote;

/// <summary>
/// The certificates of hosts in folders such as <c>certs.d/registry.contoso.com:5000/</c>: <c>*.crt</c> are authorities, <c>*.cert</c> with
/// <c>*.key</c> of the same name is a client certificate. Those of a host are read before its first request, so an invalid certificate
/// affects only its own host.
/// </summary>
internal sealed class CertificateFolders(IReadOnlyList<string> folders)
{
    private readonly ConcurrentDictionary<string, Lazy<HostCertificates>> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public bool AreThere => folders.Count > 0;

    /// <summary>Loads the certificates for an address, once; throws <c>GAN2037</c> when one is invalid.</summary>
    public void Require(Uri address)
    {
        if (AreThere && address.Scheme == "https")
            _ = _hosts.GetOrAdd(address.Authority, _ => new Lazy<HostCertificates>(() => Read(address))).Value;
    }

    /// <summary>Returns the trusted authorities of a host, without its port, because connections do not know it.</summary>
    public IEnumerable<X509Certificate2> AuthoritiesOf(string host) => Of(host).SelectMany(found => found.Authorities);

    /// <summary>Returns the client certificate for a host.</summary>
    public X509Certificate2? ClientOf(string host) => Of(host).Select(found => found.Client).FirstOrDefault(client => client is not null);

    private IEnumerable<HostCertificates> Of(string host) =>
        _hosts.Values
            .Where(read => read.IsValueCreated && read.Value.Host.Equals(host, StringComparison.OrdinalIgnoreCase))
            .Select(read => read.Value);

    private HostCertificates Read(Uri address)
    {
        var authorities = new X509Certificate2Collection();
        X509Certificate2? client = null;
        string[] names = address.IsDefaultPort ? [address.Host, $"{address.Host}:{address.Port}"] : [address.Authority];
        foreach (var folder in folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).Where(Directory.Exists))
        {
            foreach (var file in Files(folder, "*.crt"))
            {
                var before = authorities.Count;
                Use(file, () => authorities.ImportFromPemFile(file));
                if (authorities.Count == before)
                    throw RegistryErrors.UnusableCertificate(file, "there is no certificate in it");
            }

            foreach (var file in Files(folder, "*.cert"))
            {
                var key = Path.ChangeExtension(file, ".key");
                if (!File.Exists(key))
                    throw RegistryErrors.UnusableCertificate(file, $"there is no {Path.GetFileName(key)} beside it");
                Use(file, () => client ??= PemCertificate.Load(file, key));
            }
        }

        return new HostCertificates(address.Host, authorities, client);
    }

    private static string[] Files(string folder, string pattern)
    {
        string[] files = [];
        Use(Path.Combine(folder, pattern), () => files = [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)]);
        return files;
    }

    private static void Use(string file, Action load)
    {
        try
        {
            RegularFile.Ensure(file);
            load();
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.UnusableCertificate(file, exception.Message.TrimEnd('.'), exception);
        }
    }

    private sealed record HostCertificates(string Host, X509Certificate2Collection Authorities, X509Certificate2? Client);
}
