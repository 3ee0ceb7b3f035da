using System.Net;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>Registries of this machine under Azure names: each registry acts as the proxy for requests to its name.</summary>
internal sealed class RegistryNameProxy : IWebProxy
{
    private readonly Dictionary<string, Uri> _addresses = new(StringComparer.OrdinalIgnoreCase);

    public ICredentials? Credentials { get; set; }

    public IReadOnlySet<string> Names => _addresses.Keys.ToHashSet();

    public RegistryNameProxy Add(string name, string address)
    {
        _addresses.Add(name, new Uri(address));
        return this;
    }

    public Uri? GetProxy(Uri destination) => _addresses[destination.Authority];

    public bool IsBypassed(Uri host) => !_addresses.ContainsKey(host.Authority);
}
