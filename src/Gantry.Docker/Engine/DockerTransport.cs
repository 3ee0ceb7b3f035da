using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using Docker.DotNet;

namespace Gantry.Docker.Engine;

/// <summary>
/// Sends the requests of Docker.DotNet with .NET's own HTTP client. The client of the library cannot be cancelled while it connects or
/// sends, supports TLS only up to 1.2, trusts only the authorities of the operating system, and loses the response of an engine that
/// refuses a build context before it has read all of it.
/// </summary>
internal sealed class DockerTransport(DockerEndpoint endpoint) : Credentials
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Returns the base address of requests. Sockets and pipes have none, so any host name works for them.</summary>
    public static Uri BaseAddress(DockerEndpoint endpoint) =>
        endpoint.Address.Scheme is "unix" or "npipe" ? new Uri("http://docker") : endpoint.Address;

    /// <summary>Creates the handler that connects to the endpoint.</summary>
    public static SocketsHttpHandler CreateHandler(DockerEndpoint endpoint)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            // A cancelled build must end: its connection is closed, and the response is not read to the end.
            ResponseDrainTimeout = TimeSpan.Zero,
            MaxResponseDrainSize = 0,
        };
        handler.ConnectCallback = async (context, cancellationToken) => new HalfClosedStream(endpoint.Address.Scheme switch
        {
            "unix" => await ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Address.LocalPath), cancellationToken),
            "npipe" => await ConnectPipeAsync(endpoint.Address, cancellationToken),
            _ => await ConnectAsync(context.DnsEndPoint, cancellationToken),
        });
        if (endpoint.Tls is { } tls)
            handler.SslOptions = tls.CreateOptions();
        return handler;
    }

    /// <inheritdoc/>
    public override bool IsTlsCredentials() => endpoint.Tls is not null;

    /// <inheritdoc/>
    public override HttpMessageHandler GetHandler(HttpMessageHandler innerHandler)
    {
        innerHandler.Dispose();
        return CreateHandler(endpoint);
    }

    private static async Task<Stream> ConnectAsync(EndPoint address, CancellationToken cancellationToken)
    {
        var socket = address is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> ConnectPipeAsync(Uri address, CancellationToken cancellationToken)
    {
        var server = address.Host is "localhost" ? "." : address.Host;
        var pipe = new NamedPipeClientStream(server, address.Segments[^1], PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync(ConnectTimeout, cancellationToken);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }
}
