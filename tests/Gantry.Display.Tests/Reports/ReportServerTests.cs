using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gantry.Display.Reports.Tests;

public sealed class ReportServerTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan s_hangs = TimeSpan.FromMinutes(2);

    private readonly ReportServer _server = new(port: 0, TimeProvider.System);
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private Task _running = Task.CompletedTask;

    public Task InitializeAsync()
    {
        _server.Show(new ReportPage(SampleReports.Small));
        _running = _server.RunAsync(_end.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.WaitAsync(s_hangs);
    }

    public void Dispose()
    {
        _server.Dispose();
        _end.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task Serves_the_page_on_loopback()
    {
        Assert.Equal("127.0.0.1", _server.Address.Host);

        using var answer = await _client.GetAsync(_server.Address);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains("Contoso shop", html, StringComparison.Ordinal);
        Assert.Contains("<script data-page=\"1\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_when_there_is_another_page()
    {
        using var events = await _client.GetAsync(new Uri(_server.Address, "events/1"), HttpCompletionOption.ResponseHeadersRead);
        var news = events.Content.ReadAsStringAsync();
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType!.MediaType);
        Assert.False(news.IsCompleted);

        _server.Show(new ReportPage(SampleReports.Small));

        Assert.Contains("event: changed", await news.WaitAsync(s_hangs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_with_an_earlier_page_learns_it_at_once()
    {
        _server.Show(new ReportPage(SampleReports.Small));

        var news = await _client.GetStringAsync(new Uri(_server.Address, "events/1"));

        Assert.Contains("event: changed", news, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403")]
    [InlineData("GET / HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n", "403")]
    [InlineData("GET /events/1 HTTP/1.1\r\nHost: 127.0.0.1.evil.example:{port}\r\n\r\n", "403")]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "403")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n\r\n", "405")]
    [InlineData("OPTIONS / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "405")]
    [InlineData("GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "404")]
    [InlineData("GET /index.html HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "404")]
    [InlineData("nonsense\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n", "200")]
    public async Task Answers_only_what_is_meant_for_it(string request, string status)
    {
        var answer = await SendAsync(request.Replace("{port}", $"{_server.Address.Port}", StringComparison.Ordinal));

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_an_end_is_refused() => Assert.StartsWith(
        "HTTP/1.1 400 ", await SendAsync("GET /" + new string('x', 8192 - "GET /".Length)), StringComparison.Ordinal);

    [Fact]
    public void A_port_that_is_taken_is_named()
    {
        var error = Assert.Throws<GantryException>(() => new ReportServer(_server.Address.Port, TimeProvider.System));

        Assert.Equal("GAN4430", error.Code);
        Assert.Contains($"127.0.0.1:{_server.Address.Port}", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> SendAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(s_hangs);
    }
}
