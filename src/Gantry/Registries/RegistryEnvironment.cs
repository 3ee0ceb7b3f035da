using System.Security.Cryptography.X509Certificates;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// How this machine says that registries are reached: certificates in the folders where Docker and podman look for them, and two environment
/// variables. Proxies need nothing here: <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c> hold by themselves.
/// </summary>
/// <remarks>
/// <c>GANTRY_MIRRORS</c>: <c>docker.io=mirror.contoso.com/hub;mcr.microsoft.com=mirror.contoso.com/mcr</c>, a host may be named again.
/// <c>GANTRY_PLAIN_HTTP</c>: <c>registry.lab:5000;other.lab</c>, hosts that are spoken to without TLS.
/// </remarks>
/// <seealso href="https://docs.docker.com/engine/security/certificates/">Docker, verify repository client with certificates</seealso>
public static class RegistryEnvironment
{
    private const string MirrorsVariable = "GANTRY_MIRRORS";
    private const string PlainHttpVariable = "GANTRY_PLAIN_HTTP";

    /// <summary>Adds what this machine says to the options of a session.</summary>
    /// <exception cref="GantryException"><c>GAN2037</c>: a certificate that cannot be used; <c>GAN2038</c>: a variable that cannot be read.</exception>
    public static RegistrySessionOptions Apply(RegistrySessionOptions options) => Apply(options, Environment.GetEnvironmentVariable, DefaultFolders());

    internal static RegistrySessionOptions Apply(RegistrySessionOptions options, Func<string, string?> variable, IReadOnlyList<string> certificateFolders)
    {
        var certificates = CertificateFolders.Read(certificateFolders);
        return options with
        {
            Mirrors = Merge(options.Mirrors, Mirrors(variable(MirrorsVariable) ?? "")),
            PlainHttpHosts = options.PlainHttpHosts.Concat(Parts(variable(PlainHttpVariable) ?? "").Select(Host)).ToHashSet(StringComparer.OrdinalIgnoreCase),
            HostAuthorities = Merge(options.HostAuthorities, certificates.Authorities),
            ClientCertificates = Merge(options.ClientCertificates, certificates.Clients),
        };
    }

    private static List<string> DefaultFolders()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var docker = Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } named ? named : Path.Combine(home, ".docker");
        return [Path.Combine(docker, "certs.d"), Path.Combine(home, ".config", "containers", "certs.d"), "/etc/containers/certs.d", "/etc/docker/certs.d"];
    }

    private static Dictionary<string, IReadOnlyList<HostAddress>> Mirrors(string text)
    {
        var mirrors = new Dictionary<string, IReadOnlyList<HostAddress>>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in Parts(text))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } host, { Length: > 0 } mirror])
                throw RegistryErrors.MalformedVariable(MirrorsVariable, part, "host=mirror, several separated by ';'");
            mirrors[host] = [.. mirrors.GetValueOrDefault(host, []), HostAddress.Create(mirror)];
        }

        return mirrors;
    }

    private static string Host(string text) =>
        HostAddress.IsHost(text.ToLowerInvariant()) ? text : throw RegistryErrors.MalformedVariable(PlainHttpVariable, text, "a host with its port, several separated by ';'");

    private static string[] Parts(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // What the program says goes before what the machine says.
    private static Dictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> own, IReadOnlyDictionary<string, T> found)
    {
        var all = new Dictionary<string, T>(found, StringComparer.OrdinalIgnoreCase);
        foreach (var (host, value) in own)
            all[host] = value;
        return all;
    }
}

/// <summary>
/// Certificates by host, as <c>certs.d/registry.contoso.com:5000/</c> holds them: <c>*.crt</c> are authorities, <c>*.cert</c> with <c>*.key</c> of the
/// same name a client certificate.
/// </summary>
internal static class CertificateFolders
{
    public static (IReadOnlyDictionary<string, X509Certificate2Collection> Authorities, IReadOnlyDictionary<string, X509Certificate2> Clients) Read(IEnumerable<string> folders)
    {
        var authorities = new Dictionary<string, X509Certificate2Collection>(StringComparer.OrdinalIgnoreCase);
        var clients = new Dictionary<string, X509Certificate2>(StringComparer.OrdinalIgnoreCase);
        foreach (var host in folders.Where(Directory.Exists).SelectMany(folder => Directory.GetDirectories(folder).Order(StringComparer.Ordinal)))
        {
            var name = Path.GetFileName(host);
            foreach (var file in Files(host, "*.crt"))
            {
                if (!authorities.TryGetValue(name, out var known))
                    authorities[name] = known = [];
                var before = known.Count;
                Use(file, () => known.ImportFromPemFile(file));
                if (known.Count == before)
                    throw RegistryErrors.UnusableCertificate(file, "there is no certificate in it");
            }

            foreach (var file in Files(host, "*.cert"))
            {
                var key = Path.ChangeExtension(file, ".key");
                if (!File.Exists(key))
                    throw RegistryErrors.UnusableCertificate(file, $"there is no {Path.GetFileName(key)} beside it");
                Use(file, () => clients.TryAdd(name, Load(file, key)));
            }
        }

        return (authorities, clients);
    }

    private static IEnumerable<string> Files(string folder, string pattern) => Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal);

    private static void Use(string file, Action load)
    {
        try
        {
            load();
        }
        catch (Exception exception) when (exception is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.UnusableCertificate(file, exception.Message.TrimEnd('.'), exception);
        }
    }

    private static X509Certificate2 Load(string certificate, string key)
    {
        var loaded = X509Certificate2.CreateFromPemFile(certificate, key);
        if (!OperatingSystem.IsWindows())
            return loaded;

        // Windows does TLS only with keys that its key store has seen.
        using (loaded)
            return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), password: null);
    }
}
