using System.Net.Sockets;
using System.Security.Authentication;

namespace Gantry.Http;

/// <summary>Describes network failures briefly and without addresses, which could hold secrets.</summary>
internal static class NetworkErrorMessage
{
    public static string Of(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name does not resolve",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "the answer ended early",
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "the answer ended early",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "the proxy refuses the connection",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "the answer is not HTTP",
        _ => Innermost<SocketException>(exception) is { } socket ? Of(socket.SocketErrorCode)
            : exception is OperationCanceledException ? "it took too long" : "the connection was lost",
    };

    /// <summary>Returns the reason why no secure connection could be made; null for other failures.</summary>
    public static string? ForTls(HttpRequestException exception) =>
        exception.HttpRequestError == HttpRequestError.SecureConnectionError
        && Innermost<AuthenticationException>(exception) is { } failure
            ? Format.OneLine(failure.Message)
            : null;

    private static string Of(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "connection reset",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its name does not resolve",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown => "no route to it",
        SocketError.TimedOut => "it took too long",
        _ => $"socket error {error}",
    };

    private static T? Innermost<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
                return found;
        }

        return null;
    }
}
