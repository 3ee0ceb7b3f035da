using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gantry.Http;

namespace Gantry.Registries.Remote;

/// <summary>Creates the connection pool of a session.</summary>
internal static class HandlerFactory
{
    public static SocketsHttpHandler Create(RegistrySessionOptions options, CertificateFolders folders)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect must not take the credential along
            AutomaticDecompression = DecompressionMethods.None, // a digest is of the bytes as they are stored
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.MaximumConnectionsPerHost,
            MaxResponseDrainSize = Limits.ErrorBytes,
            MaxResponseHeadersLength = Limits.HeaderBytes / 1024,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ActivityHeadersPropagator = null,
            Proxy = options.Proxy ?? new MachineProxy(HttpClient.DefaultProxy),
        };
        handler.SslOptions.RemoteCertificateValidationCallback =
            options.CertificateAuthorities.Count + options.HostAuthorities.Count == 0 && !folders.AreThere
                ? null
                : (connection, certificate, chain, errors) => IsTrusted(
                    certificate, chain, errors, AuthoritiesFor(options, folders, (connection as SslStream)?.TargetHostName ?? ""));
        if (options.ClientCertificates.Count > 0 || folders.AreThere)
            handler.SslOptions.LocalCertificateSelectionCallback = (_, host, _, _, _) =>
                (Find(options.ClientCertificates, host) ?? folders.ClientOf(host))!;
        return handler;
    }

    // A trusted authority from the options replaces an unknown one: never a wrong name or a missing certificate.
    private static bool IsTrusted(
        X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null || chain is null)
            return false;

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in chain.ChainElements)
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        own.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return own.Build(copy);
    }

    // Settings of the program take precedence over those of the machine.
    private static X509Certificate2Collection AuthoritiesFor(RegistrySessionOptions options, CertificateFolders folders, string host) =>
        [.. options.CertificateAuthorities, .. Find(options.HostAuthorities, host) ?? folders.AuthoritiesOf(host)];

    // Connections know their host without its port.
    private static T? Find<T>(IReadOnlyDictionary<string, T> certificates, string host)
        where T : class =>
        certificates.FirstOrDefault(pair => Uri.TryCreate("https://" + pair.Key, UriKind.Absolute, out var uri)
            && uri.Host.Equals(host, StringComparison.OrdinalIgnoreCase)).Value;
}
