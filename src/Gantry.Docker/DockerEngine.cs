using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Docker.DotNet;
using Gantry.Oci;

namespace Gantry.Docker;

/// <summary>A connection to a Docker engine. Whatever goes wrong with it is a <see cref="GantryException"/> that names the engine.</summary>
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

    /// <summary>Where the engine listens, and who said so.</summary>
    public DockerEndpoint Endpoint { get; }

    /// <summary>Docker.DotNet's client, for what <see cref="CallAsync{T}"/> asks.</summary>
    internal IDockerClient Client { get; }

    /// <summary>The same connection for the one request that Docker.DotNet cannot make: a build with BuildKit.</summary>
    internal HttpClient Http => _http.Value;

    /// <summary>Prepares a connection; nothing is asked of the engine yet. <c>GAN6007</c> when its certificates cannot be used.</summary>
    public static DockerEngine Connect(DockerEndpoint endpoint) => new(endpoint);

    /// <summary>Asks what the engine is, or throws <c>GAN6001</c> when it does not answer.</summary>
    public async Task<DockerEngineInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        var info = await CallAsync("describe itself", client => client.System.GetSystemInfoAsync(cancellationToken), cancellationToken);
        var version = await CallAsync("tell its version", client => client.System.GetVersionAsync(cancellationToken), cancellationToken);
        return new DockerEngineInfo
        {
            Version = version.Version ?? "",
            Platform = new Platform { Os = version.Os ?? "", Architecture = version.Arch ?? "" },
            StorageDriver = info.Driver ?? "",
            HasContainerdImageStore = info.DriverStatus?.Any(pair =>
                pair is ["driver-type", var type] && type.StartsWith("io.containerd.snapshotter", StringComparison.Ordinal)) == true,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _configuration.Dispose();
        if (_http.IsValueCreated)
            _http.Value.Dispose();
    }

    /// <summary>Makes a request, and turns what fails into a coded error.</summary>
    /// <param name="what">What is asked, as an infinitive: "push the image x".</param>
    /// <param name="ask">The request.</param>
    /// <param name="cancellationToken">Tells a cancelled request from a failed one.</param>
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

    /// <summary>The error to end with, or null when this exception is none of the engine's.</summary>
    internal Exception? Translate(string what, Exception exception, CancellationToken cancellationToken)
    {
        // What goes wrong while a build context is written comes out of the request that sends it.
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is GantryException)
                return cause;
        }

        if (cancellationToken.IsCancellationRequested)
            return exception is OperationCanceledException ? null : new OperationCanceledException(exception.Message, exception, cancellationToken);

        return exception switch
        {
            DockerApiException api => Refused(what, api.StatusCode, api.ResponseBody, api),
            HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => Unreachable(exception),
            _ => null,
        };
    }

    /// <summary>The error of a request that the engine answered with a failure.</summary>
    internal GantryException Refused(string what, HttpStatusCode status, string? body, Exception? inner = null) =>
        DockerErrors.Refused(Endpoint, what, Message(body) ?? $"HTTP {(int)status}", inner);

    // {"message":"…"}; anything else is said as it is, as long as it is short.
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
            var text = DockerErrors.OneLine(body);
            return text.Length <= 200 ? text : text[..200] + "…";
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

/// <summary>What an engine is.</summary>
public sealed record DockerEngineInfo
{
    /// <summary>The version of the engine: <c>28.2.2</c>.</summary>
    public required string Version { get; init; }

    /// <summary>What its containers run on, unless another platform is asked for.</summary>
    public required Platform Platform { get; init; }

    /// <summary>How it keeps layers: <c>overlay2</c>, <c>overlayfs</c>, <c>vfs</c>, …</summary>
    public required string StorageDriver { get; init; }

    /// <summary>
    /// Whether images are kept in containerd's store, compressed as they were pulled. Without it the engine unpacks layers, compresses
    /// them again to push them, and so changes digests.
    /// </summary>
    public required bool HasContainerdImageStore { get; init; }
}
