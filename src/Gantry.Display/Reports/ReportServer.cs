using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gantry.Display.Reports;

/// <summary>
/// Serves the page on this machine alone: on its loopback address, for requests that name it as their host, and nothing but the page and
/// the news that there is a newer one.
/// </summary>
public sealed class ReportServer : IDisposable
{
    private const string Events = "/events/";
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Shown? _shown;

    /// <summary>Begins to listen. Throws <c>GAN4430</c> when the port is taken.</summary>
    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="time">The clock, for requests that do not end.</param>
    public ReportServer(int port, TimeProvider time)
    {
        _time = time;
        _listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            _listener.Start();
        }
        catch (SocketException exception)
        {
            _listener.Dispose();
            throw ReportErrors.PortTaken(port, exception);
        }
    }

    /// <summary>The address of the page.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}/");

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Shows another page from now on: those that have the earlier one open load it.</summary>
    public void Show(ReportPage page)
    {
        Shown? earlier;
        lock (_lock)
        {
            earlier = _shown;
            _shown = new Shown(page, (earlier?.Number ?? 0) + 1);
        }

        earlier?.Replaced.SetResult();
    }

    /// <summary>Answers requests until it is cancelled.</summary>
    /// <param name="cancellationToken">Ends the server, and what it is sending.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var answers = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(cancellationToken);
                answers.RemoveAll(answer => answer.IsCompleted);
                answers.Add(AnswerAsync(client, cancellationToken));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(answers);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await using (stream)
                    await AnswerAsync(stream, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // The browser has gone, or the server ends: there is nobody to report it to.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var request = await ReadAsync(stream, cancellationToken);
        Shown? shown;
        lock (_lock)
            shown = _shown;
        switch (request)
        {
            case { Host: var host } when !IsThisServer(host):
                await SendAsync(stream, "403 Forbidden", "text/plain", "This page is served to this machine only.\n", cancellationToken);
                break;
            case { Method: not "GET" }:
                await SendAsync(stream, "405 Method Not Allowed", "text/plain", "Only GET.\n", cancellationToken);
                break;
            case { Path: "/" } when shown is not null:
                await SendAsync(stream, "200 OK", "text/html", Render(shown), cancellationToken);
                break;
            case { Path: var path } when shown is not null && path.StartsWith(Events, StringComparison.Ordinal):
                var isPresent = path[Events.Length..] == shown.Name;
                await SendEventAsync(stream, isPresent ? shown.Replaced.Task : Task.CompletedTask, cancellationToken);
                break;
            case null:
                await SendAsync(stream, "400 Bad Request", "text/plain", "This is not a request.\n", cancellationToken);
                break;
            default:
                await SendAsync(stream, "404 Not Found", "text/plain", "There is only one page.\n", cancellationToken);
                break;
        }
    }

    // A page of another site that made its name resolve to this machine sends its own name.
    private bool IsThisServer(string host) => host == $"127.0.0.1:{Port}" || host == $"localhost:{Port}";

    private static string Render(Shown shown)
    {
        using var text = new StringWriter { NewLine = "\n" };
        shown.Page.Write(text, shown.Name);
        return text.ToString();
    }

    private static async Task SendEventAsync(NetworkStream stream, Task changed, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Head("200 OK", "text/event-stream", length: null), cancellationToken);
        await stream.WriteAsync("retry: 2000\n\n"u8.ToArray(), cancellationToken);
        await changed.WaitAsync(cancellationToken);
        await stream.WriteAsync("event: changed\ndata: page\n\n"u8.ToArray(), cancellationToken);
    }

    private static async Task SendAsync(
        NetworkStream stream, string status, string type, string text, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(text);
        await stream.WriteAsync(Head(status, type, body.Length), cancellationToken);
        await stream.WriteAsync(body, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    private static byte[] Head(string status, string type, int? length) => Encoding.ASCII.GetBytes(string.Join("\r\n",
    [
        $"HTTP/1.1 {status}",
        $"Content-Type: {type}; charset=utf-8",
        .. length is { } bytes ? (string[])[$"Content-Length: {bytes}"] : [],
        $"Content-Security-Policy: {ReportPage.PolicyOf(reloads: true)}; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy: same-origin",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
        "Connection: close",
        "",
        "",
    ]));

    private async Task<Request?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_requestTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var buffer = new byte[Limits.PageRequestBytes];
        for (var length = 0; length < buffer.Length;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), both.Token);
            if (read == 0)
                return null;
            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is var end and >= 0)
                return Request.Parse(Encoding.ASCII.GetString(buffer, 0, end));
        }

        return null;
    }

    /// <summary>A page, and its number, by which the browser says which one it has.</summary>
    private sealed record Shown(ReportPage Page, int Number)
    {
        public string Name { get; } = Number.ToString(CultureInfo.InvariantCulture);

        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The first line of a request, and the host that it names (RFC 9112, sections 3 and 3.2).</summary>
    private sealed record Request(string Method, string Path, string Host)
    {
        public static Request? Parse(string head)
        {
            var lines = head.Split("\r\n");
            if (lines[0].Split(' ') is not [var method, var path, "HTTP/1.1" or "HTTP/1.0"])
                return null;
            var hosts = lines.Skip(1)
                .Where(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase))
                .Select(line => line["Host:".Length..].Trim())
                .ToList();
            return hosts is [var host] ? new Request(method, path, host) : null;
        }
    }
}
