using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests;

/// <summary>
/// Forwards requests to a registry of this machine until the request that a test waits for: that one is held at the chosen moment.
/// </summary>
internal sealed class RegistryProxy : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _registry = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Lock _turn = new();
    private readonly List<string> _writes = [];
    private readonly HashSet<Task> _passing = [];
    private KillPoint? _point;
    private RequestMoment _moment;
    private TaskCompletionSource _reached = new();
    private bool _isClosed;

    private RegistryProxy(int port)
    {
        _registry.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _application = builder.Build();
        _application.Run(context =>
        {
            lock (_turn)
            {
                var passing = _isClosed ? AbortAsync(context) : PassAsync(context);
                _passing.Add(passing);
                return passing;
            }
        });
    }

    public int Port =>
        new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    /// <summary>Gets the kinds of the write requests, in order, since <see cref="HoldAt"/>.</summary>
    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_turn)
                return [.. _writes];
        }
    }

    public static async Task<RegistryProxy> StartAsync(int port)
    {
        var proxy = new RegistryProxy(port);
        await proxy._application.StartAsync();
        return proxy;
    }

    /// <summary>Resets the counter and forwards requests. Completes when the point is reached.</summary>
    public Task HoldAt(KillPoint? point, RequestMoment moment)
    {
        lock (_turn)
        {
            _writes.Clear();
            _isClosed = false;
            (_point, _moment) = (point, moment);
            _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task;
        }
    }

    /// <summary>
    /// Stops forwarding, and waits until the registry has finished the forwarded requests, even when their client is gone.
    /// </summary>
    public Task CloseAsync()
    {
        lock (_turn)
        {
            _isClosed = true;
            return Task.WhenAll(_passing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _registry.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var (held, reached) = Note(context.Request);
        try
        {
            if (held == RequestMoment.Before || (held == RequestMoment.Half && context.Request.ContentLength is null or 0))
                await HoldAsync(context, reached);

            using var request = Copy(context, held == RequestMoment.Half ? () => HoldAsync(context, reached) : null);
            using var response = await _registry.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, held is null ? CancellationToken.None : context.RequestAborted);
            if (held == RequestMoment.After)
                await HoldAsync(context, reached);

            context.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
                context.Response.Headers[name] = values.ToArray();
            context.Response.Headers.Remove("Transfer-Encoding");
            if (context.Request.Method != "HEAD")
                await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException or OperationCanceledException or BadHttpRequestException)
        {
            // The client or the registry has closed the connection.
            context.Abort();
        }
    }

    private static Task AbortAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    // Held until the client is killed.
    private static async Task HoldAsync(HttpContext context, TaskCompletionSource reached)
    {
        reached.TrySetResult();
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private (RequestMoment? Held, TaskCompletionSource Reached) Note(HttpRequest request)
    {
        lock (_turn)
        {
            if (KindOf(request) is not { } kind)
                return (null, _reached);
            _writes.Add(kind);
            return (_point?.IsReached(_writes) == true ? _moment : null, _reached);
        }
    }

    // Null for requests that only read.
    private static string? KindOf(HttpRequest request)
    {
        var path = request.Path.Value!;
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (request.Method is "GET" or "HEAD")
            return null;
        if (path.Contains("/blobs/uploads/", StringComparison.Ordinal))
            return $"{request.Method} upload";
        return name.StartsWith("sha256:", StringComparison.Ordinal) ? $"{request.Method} manifest"
            : name.StartsWith("sha256-", StringComparison.Ordinal) ? $"{request.Method} tag that is named after a digest"
            : $"{request.Method} tag";
    }

    private static HttpRequestMessage Copy(HttpContext context, Func<Task>? inTheMiddle)
    {
        var from = context.Request;
        var request = new HttpRequestMessage(new HttpMethod(from.Method), $"{from.Path}{from.QueryString}");
        if (from.ContentLength is { } length && from.Method is not ("GET" or "HEAD"))
            request.Content = new ForwardedContent(from.Body, length, inTheMiddle);
        foreach (var (name, values) in from.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        // The host of the proxy, so that returned addresses are those of the proxy.
        request.Headers.Host = from.Host.Value;
        return request;
    }

    /// <summary>A forwarded body, with an optional action in the middle of it.</summary>
    private sealed class ForwardedContent(Stream body, long length, Func<Task>? inTheMiddle) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            if (inTheMiddle is not null)
            {
                var half = new byte[length / 2];
                await body.ReadExactlyAsync(half);
                await stream.WriteAsync(half);
                await stream.FlushAsync();
                await inTheMiddle();
            }

            await body.CopyToAsync(stream);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
