using System.Net;
using System.Net.Sockets;

namespace Gantry.Testing;

/// <summary>Finds unused ports.</summary>
/// <remarks>
/// Ports are below the range that systems use for outgoing connections, of which the tests make many: such a port could be taken before the
/// server of a test listens on it, or answer where a test expects a refused connection.
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
            catch (SocketException exception)
                when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // In use: try another one.
            }
        }
    }
}
