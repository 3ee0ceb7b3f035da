using System.Collections.Concurrent;
using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries.Remote;

/// <summary>The registries of a session, one instance each.</summary>
internal sealed class RegistryConnections : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private readonly HttpTransport _transport;
    private readonly CredentialFinder _credentials;
    private readonly TokenServer _tokens;
    private readonly ConcurrentDictionary<string, RegistryHost> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public RegistryConnections(RegistrySessionOptions options)
    {
        Options = options;
        var certificates = new CertificateFolders(options.CertificateFolders);
        _handler = HandlerFactory.Create(options, certificates);
        _transport = new HttpTransport(new HttpTransportOptions
        {
            Handler = _handler,
            TimeProvider = options.TimeProvider,
            Retry = options.Retry,
            NoProgressTimeout = options.NoProgressTimeout,
            ResponseTimeout = options.ResponseTimeout,
            StallTimeout = options.StallTimeout,
            Log = options.Log,
            Secrets = options.Secrets,
            Notice = options.Notice,
            AllowsPlainHttp = AllowsPlainHttp,
            Connecting = certificates.Require,
        });
        _credentials = new CredentialFinder(options.Credentials);
        _tokens = new TokenServer(_transport, _credentials, options);
    }

    public RegistrySessionOptions Options { get; }

    /// <summary>
    /// The repositories of mirrors that returned wrong content, or nothing in time, by their location: they are not used again.
    /// </summary>
    public ConcurrentDictionary<string, byte> DistrustedMirrors { get; } = new(StringComparer.Ordinal);

    public RegistryHost Host(string name) => _hosts.GetOrAdd(name, Create);

    public void Dispose()
    {
        _transport.Dispose();
        _handler.Dispose();
    }

    private bool AllowsPlainHttp(string host) =>
        Options.PlainHttpHosts.Contains(host) || (new HostAddress(host, "").IsLoopback && !Options.TlsHosts.Contains(host));

    private RegistryHost Create(string name)
    {
        // The registry of Docker Hub has another host name than the one in image names.
        var server = name == "docker.io" ? "registry-1.docker.io" : name;
        var root = new Uri($"{(_transport.AllowsPlainHttp(name) ? "http" : "https")}://{server}/v2/");
        var authentication = new HostAuthentication(name, _tokens, _credentials, Options.TimeProvider);
        return new RegistryHost(name, root, _transport, authentication, Options);
    }
}
