using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Testing;

/// <summary>
/// Hosts with names, over TLS, for processes: a proxy that opens a tunnel to any name, behind which a server of this machine answers with a
/// certificate for that name. The variables in <see cref="Environment"/> make a process use both.
/// </summary>
public sealed class NamedHosts : IAsyncDisposable
{
    private readonly TestCertificateAuthority _authority = new();
    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, X509Certificate2> _certificates = new(StringComparer.OrdinalIgnoreCase);
    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentBag<Task> _tunnels = [];
    private readonly WebApplication _application;
    private readonly Func<string, string, Uri?> _find;
    private Task _accepting = Task.CompletedTask;

    private NamedHosts(Func<string, string, Uri?> find)
    {
        _find = find;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
            https.ServerCertificateSelector = (_, name) => _certificates.GetOrAdd(name ?? "localhost", host => _authority.Issue(host)))));
        _application = builder.Build();
        _application.Run(ForwardAsync);
    }

    /// <summary>Gets the requests, as <c>GET host/path</c>, in order.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Gets the variables that make a process use the proxy and trust the certificates.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["https_proxy"] = $"http://{_proxy.LocalEndpoint}",
        ["SSL_CERT_FILE"] = _authority.WriteAuthority(_folder),
    };

    /// <summary>Starts the hosts.</summary>
    /// <param name="find">Returns the address of the server for a host and a path; null when there is none (404).</param>
    public static async Task<NamedHosts> StartAsync(Func<string, string, Uri?> find)
    {
        var hosts = new NamedHosts(find);
        await hosts._application.StartAsync();
        hosts._proxy.Start();
        hosts._accepting = hosts.AcceptAsync();
        return hosts;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _proxy.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_tunnels).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _application.DisposeAsync();
        foreach (var certificate in _certificates.Values)
            certificate.Dispose();
        _client.Dispose();
        _authority.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
            _tunnels.Add(TunnelAsync(await _proxy.AcceptTcpClientAsync(_stop.Token)));
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using var _ = client;
        await using var near = client.GetStream();
        var header = new List<byte>();
        var letter = new byte[1];
        while (!header[Math.Max(0, header.Count - 4)..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await near.ReadAsync(letter, _stop.Token) == 0)
                return;
            header.Add(letter[0]);
        }

        if (!Encoding.ASCII.GetString([.. header]).StartsWith("CONNECT ", StringComparison.Ordinal))
        {
            await near.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
            return;
        }

        using var server = new TcpClient();
        var addresses = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        await server.ConnectAsync(IPAddress.Loopback, new Uri(addresses.Single()).Port, _stop.Token);
        await using var far = server.GetStream();
        await near.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
        await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var (from, host) = (context.Request, context.Request.Host.Host);
        _requests.Enqueue($"{from.Method} {host}{from.Path}");
        if (_find(host, from.Path) is not { } server)
        {
            context.Response.StatusCode = 404;
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(server, $"{from.Path}{from.QueryString}"));
        if (from.Headers.ContentLength is not null || from.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(from.Body);
        foreach (var (name, values) in from.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            context.Response.Headers[name] = values.ToArray();
        context.Response.Headers.Remove("Transfer-Encoding");
        if (from.Method != "HEAD")
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
