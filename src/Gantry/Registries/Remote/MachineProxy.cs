using System.Net;

namespace Gantry.Registries.Remote;

/// <summary>
/// The proxy that the environment or the system names, for everything but this machine itself: unlike other programs .NET sends
/// <c>localhost</c> to it too, where <c>NO_PROXY</c> does not say otherwise, and credentials with it.
/// </summary>
internal sealed class MachineProxy(IWebProxy proxy) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
}
