using System.Net;

namespace Gantry.Azure.Tests;

/// <summary>Registries of this machine under the names of Azure's: a registry takes the place of the proxy on the way to itself.</summary>
internal sealed class NamedRegistries : IWebProxy
{
    private readonly Dictionary<string, Uri> _addresses = new(StringComparer.OrdinalIgnoreCase);

    public ICredentials? Credentials { get; set; }

    public IReadOnlySet<string> Names => _addresses.Keys.ToHashSet();

    public NamedRegistries Add(string name, string address)
    {
        _addresses.Add(name, new Uri(address));
        return this;
    }

    public Uri? GetProxy(Uri destination) => _addresses[destination.Authority];

    public bool IsBypassed(Uri host) => !_addresses.ContainsKey(host.Authority);
}
