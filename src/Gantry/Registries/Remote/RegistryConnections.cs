using System.Collections.Concurrent;

namespace Gantry.Registries.Remote;

/// <summary>The registries of a session, one instance each.</summary>
internal sealed class RegistryConnections : IDisposable
{
    private readonly RegistryTransport _transport;
    private readonly CredentialFinder _credentials;
    private readonly TokenServer _tokens;
    private readonly ConcurrentDictionary<string, RegistryHost> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public RegistryConnections(RegistrySessionOptions options)
    {
        Options = options;
        _transport = new RegistryTransport(options);
        _credentials = new CredentialFinder(options.Credentials);
        _tokens = new TokenServer(_transport, _credentials, options.TimeProvider);
    }

    public RegistrySessionOptions Options { get; }

    /// <summary>The repositories of mirrors that returned wrong content, by their location: they are not used again.</summary>
    public ConcurrentDictionary<string, byte> DistrustedMirrors { get; } = new(StringComparer.Ordinal);

    public RegistryHost Host(string name) => _hosts.GetOrAdd(name, Create);

    public void Dispose() => _transport.Dispose();

    private RegistryHost Create(string name)
    {
        // The registry of Docker Hub has another host name than the one in image names.
        var server = name == "docker.io" ? "registry-1.docker.io" : name;
        var root = new Uri($"{(_transport.AllowsPlainHttp(name) ? "http" : "https")}://{server}/v2/");
        var authentication = new HostAuthentication(name, _tokens, _credentials, Options.TimeProvider);
        return new RegistryHost(name, root, _transport, authentication, Options);
    }
}
