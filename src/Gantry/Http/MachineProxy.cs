using System.Net;

namespace Gantry.Http;

/// <summary>
/// The proxy of the environment or the system, for all hosts except this machine. Unlike other programs, .NET also sends requests for
/// <c>localhost</c> to the proxy unless <c>NO_PROXY</c> excludes it, and credentials with them.
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
