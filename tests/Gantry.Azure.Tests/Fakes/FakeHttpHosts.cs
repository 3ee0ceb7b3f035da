using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Xunit.Sdk;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>
/// The hosts that a test defines; no other exists. Requests and violations are recorded here, because the caller may handle the failure of
/// one.
/// </summary>
internal sealed class FakeHttpHosts : HttpMessageHandler
{
    private readonly Dictionary<string, Func<FakeRequest, HttpResponseMessage>> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets every request, as <c>GET https://host/path</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    public FakeHttpHosts Add(string host, Func<FakeRequest, HttpResponseMessage> answer)
    {
        _hosts.Add(host, answer);
        return this;
    }

    public void AssertNoViolation() => Assert.Empty(Violations);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        Requests.Enqueue($"{request.Method} {uri.GetLeftPart(UriPartial.Path)}");
        if (!_hosts.TryGetValue(uri.Authority, out var answer))
            throw new HttpRequestException(HttpRequestError.NameResolutionError, $"There is no host {uri.Authority} here.");

        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            var response = answer(new FakeRequest(request, body));
            response.RequestMessage = request;
            return response;
        }
        catch (XunitException exception)
        {
            Violations.Enqueue($"{request.Method} {uri}: {exception.Message}");
            return Json(HttpStatusCode.BadRequest, """{"error":{"code":"Violation","message":"the fake does not accept this"}}""");
        }
    }

    public static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}

/// <summary>A request as received by a fake host.</summary>
internal sealed record FakeRequest(HttpRequestMessage Message, string Body)
{
    public string Path => Message.RequestUri!.AbsolutePath;

    public HttpMethod Method => Message.Method;

    public string? Header(string name) =>
        Message.Headers.TryGetValues(name, out var values) || Message.Content?.Headers.TryGetValues(name, out values) == true
            ? string.Join(", ", values!)
            : null;

    public IReadOnlyDictionary<string, string> Query => Parse(Message.RequestUri!.Query.TrimStart('?'));

    public IReadOnlyDictionary<string, string> Form => Parse(Body);

    private static Dictionary<string, string> Parse(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => Decode(pair[0]), pair => pair.Length > 1 ? Decode(pair[1]) : "");

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
