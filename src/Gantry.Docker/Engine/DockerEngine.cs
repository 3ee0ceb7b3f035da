using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Docker.DotNet;
using Gantry.Oci;

namespace Gantry.Docker.Engine;

/// <summary>A connection to a Docker engine. Every failure is a <see cref="GantryException"/> that names the engine.</summary>
public sealed class DockerEngine : IDisposable
{
    private readonly DockerClientConfiguration _configuration;
    private readonly Lazy<HttpClient> _http;

    private DockerEngine(DockerEndpoint endpoint)
    {
        Endpoint = endpoint;
        _configuration = new DockerClientConfiguration(DockerTransport.BaseAddress(endpoint), new DockerTransport(endpoint));
        Client = _configuration.CreateClient();
        _http = new Lazy<HttpClient>(() => new HttpClient(DockerTransport.CreateHandler(endpoint))
        {
            BaseAddress = DockerTransport.BaseAddress(endpoint),
            Timeout = Timeout.InfiniteTimeSpan,
        });
    }

    /// <summary>The address of the engine, and the setting that it comes from.</summary>
    public DockerEndpoint Endpoint { get; }

    /// <summary>The client of Docker.DotNet, for the requests of <see cref="CallAsync{T}"/>.</summary>
    internal IDockerClient Client { get; }

    /// <summary>A client for the same connection, for the one request that Docker.DotNet cannot send: a build with BuildKit.</summary>
    internal HttpClient Http => _http.Value;

    /// <summary>
    /// Prepares a connection without sending a request yet, or throws <c>GAN6007</c> when the certificates cannot be used.
    /// </summary>
    public static DockerEngine Connect(DockerEndpoint endpoint) => new(endpoint);

    /// <summary>Reads the version and the properties of the engine, or throws <c>GAN6001</c> when it does not answer.</summary>
    public async Task<DockerEngineInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        var info = await CallAsync("describe itself", client => client.System.GetSystemInfoAsync(cancellationToken), cancellationToken);
        var version = await CallAsync("report its version", client => client.System.GetVersionAsync(cancellationToken), cancellationToken);
        return new DockerEngineInfo(
            version.Version ?? "",
            new Platform { Os = version.Os ?? "", Architecture = version.Arch ?? "" },
            info.Driver ?? "",
            info.DriverStatus?.Any(pair =>
                pair is ["driver-type", var type] && type.StartsWith("io.containerd.snapshotter", StringComparison.Ordinal)) == true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _configuration.Dispose();
        if (_http.IsValueCreated)
            _http.Value.Dispose();
    }

    /// <summary>Sends a request, and turns a failure into a coded error.</summary>
    /// <param name="what">The action of the request, as an infinitive: "push the image x".</param>
    /// <param name="ask">Sends the request.</param>
    /// <param name="cancellationToken">Distinguishes a cancelled request from a failed one.</param>
    internal async Task<T> CallAsync<T>(string what, Func<IDockerClient, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(Client);
        }
        catch (Exception exception)
        {
            if (Translate(what, exception, cancellationToken) is { } translated)
                throw translated;
            throw;
        }
    }

    /// <inheritdoc cref="CallAsync{T}"/>
    internal Task CallAsync(string what, Func<IDockerClient, Task> ask, CancellationToken cancellationToken) =>
        CallAsync(what, async client => { await ask(client); return true; }, cancellationToken);

    /// <summary>Returns the coded error for an exception, or null when it does not come from the engine.</summary>
    internal Exception? Translate(string what, Exception exception, CancellationToken cancellationToken)
    {
        // An error while the build context is written is thrown by the request that sends it.
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is GantryException)
                return cause;
        }

        if (cancellationToken.IsCancellationRequested)
            return exception is OperationCanceledException
                ? null
                : new OperationCanceledException(exception.Message, exception, cancellationToken);

        return exception switch
        {
            DockerApiException api => Refused(what, api.StatusCode, api.ResponseBody, api),
            HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException =>
                Unreachable(exception),
            _ => null,
        };
    }

    /// <summary>Creates the error for a request that the engine refused.</summary>
    internal GantryException Refused(string what, HttpStatusCode status, string? body, Exception? inner = null) =>
        DockerErrors.Refused(Endpoint, what, Message(body) ?? $"HTTP {(int)status}", inner);

    // {"message":"…"}; any other body is shown as it is when it is short.
    internal static string? Message(string? body)
    {
        if (string.IsNullOrWhiteSpace(body))
            return null;
        try
        {
            return JsonSerializer.Deserialize(body, DockerJson.Default.EngineError)?.Message is { Length: > 0 } message ? message : null;
        }
        catch (JsonException)
        {
            return Format.OneLine(body, 200);
        }
    }

    private GantryException Unreachable(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
                return DockerErrors.TlsFailed(Endpoint, exception.GetBaseException().Message, exception);
            if (cause is SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException)
                return DockerErrors.NotPermitted(Endpoint, exception);
        }

        return DockerErrors.Unreachable(Endpoint, exception.GetBaseException().Message, exception);
    }
}
