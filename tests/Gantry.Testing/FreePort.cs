using System.Net;
using System.Net.Sockets;

namespace Gantry.Testing;

/// <summary>Finds ports that nobody listens on.</summary>
/// <remarks>
/// Below those that systems give to outgoing connections, of which the tests make many: one of those would be taken again by the time
/// that the server of a test listens on it, or answer where a test wants nobody to.
/// </remarks>
public static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_000;

    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Another one, then.
            }
        }
    }
}
