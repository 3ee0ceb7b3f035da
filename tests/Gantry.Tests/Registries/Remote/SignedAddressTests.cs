using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gantry.Http;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gantry.Tests.Registries.Remote;

/// <summary>The addresses that a server sends come back byte for byte: a signature is over their bytes.</summary>
public sealed class SignedAddressTests : IAsyncLifetime
{
    private const string Signed = "/a%7Eb/%2f%2F/%41/x.y/..%2e?sig=%7e%2B%3d&k=[1]&u=a%20b'(~)*";
    private static readonly byte[] s_content = RandomNumberGenerator.GetBytes(1000);
    private static readonly Descriptor s_blob = new()
    {
        MediaType = MediaTypes.OciLayerGzip,
        Digest = Digest.Of(s_content),
        Size = s_content.Length,
    };

    private readonly ConcurrentQueue<string> _targets = new();
    private readonly List<IAsyncDisposable> _started = [];
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;
    private LoopbackServer _server = null!;

    private string Host => _server.Address.Authority;

    [Fact]
    public async Task A_redirect_keeps_its_bytes()
    {
        _answer = context => RawTarget(context).StartsWith("/v2/", StringComparison.Ordinal)
            ? Redirect(context, 307, $"http://{Host}{Signed}#fragment")
            : context.Response.Body.WriteAsync(s_content).AsTask();

        await using var stream = await Open().OpenBlobAsync(s_blob, default);
        await stream.CopyToAsync(Stream.Null);

        Assert.Equal([$"GET /v2/app/blobs/{s_blob.Digest}", $"GET {Signed}"], _targets);
    }

    [Fact]
    public async Task The_address_of_an_upload_keeps_its_bytes()
    {
        _answer = context => context.Request.Method switch
        {
            "POST" => Redirect(context, 202, Signed),
            "HEAD" => StatusCode(context, 404),
            _ => StatusCode(context, 201),
        };

        await Open().PutBlobAsync(s_blob, _ => Task.FromResult<Stream>(new MemoryStream(s_content)), default);

        Assert.Equal($"PUT {Signed}&digest={s_blob.Digest.ToString().Replace(":", "%3A", StringComparison.Ordinal)}", _targets.Last());
    }

    [Fact]
    public async Task The_next_page_keeps_its_bytes()
    {
        _answer = context =>
        {
            if (!RawTarget(context).Contains("last", StringComparison.Ordinal))
                context.Response.Headers.Link = "</v2/app/tags/list?last=%7Ea%2f>; rel=\"next\"";
            return context.Response.WriteAsync("""{"tags":["v1"]}""");
        };

        await Open().ListTagsAsync(default);

        Assert.Equal("GET /v2/app/tags/list?last=%7Ea%2f", _targets.Last());
    }

    [Fact]
    public async Task A_realm_keeps_its_bytes()
    {
        _answer = context =>
        {
            if (RawTarget(context).StartsWith("/auth", StringComparison.Ordinal))
                return context.Response.WriteAsync("""{"token":"x"}""");
            if (context.Request.Headers.Authorization.Count > 0)
                return StatusCode(context, 404);
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{Host}/auth/%7E%2f?x=%7E\",service=\"s\"";
            return StatusCode(context, 401);
        };

        Assert.Null(await Open().FindTagAsync("v1", default));

        Assert.Contains("GET /auth/%7E%2f?x=%7E&service=s&scope=repository%3Aapp%3Apull", _targets);
    }

    [Theory]
    [InlineData("next?x=%7E", "/v2/app/next?x=%7E")]
    [InlineData("./next/../%7E", "/v2/app/%7E")]
    [InlineData("../../x/", "/x/")]
    [InlineData("../../../..", "/")]
    [InlineData("?only=%2f", "/v2/app/page?only=%2f")]
    [InlineData("//other.example.com/%7E", "https://other.example.com/%7E")]
    [InlineData("HTTPS://Other.example.com?a=%7E#f", "https://other.example.com/?a=%7E")]
    [InlineData("/caf\u00e9 /\u20ac", "/caf%E9%20/%E2%82%AC")]
    [InlineData("", "/v2/app/page?n=1")]
    [InlineData("#f", "/v2/app/page?n=1")]
    public void References_are_resolved_without_being_rewritten(string reference, string expected)
    {
        var resolved = HttpAddress.TryResolve(new Uri("https://registry.example.com/v2/app/page?n=1"), reference);

        Assert.Equal(expected, resolved!.Host == "registry.example.com" ? resolved.PathAndQuery : resolved.AbsoluteUri);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("sha256:abc")]
    [InlineData("https://")]
    [InlineData("https:///x")]
    [InlineData("https://a b/x")]
    public void What_is_no_address_of_a_server_is_refused(string reference) =>
        Assert.Null(HttpAddress.TryResolve(new Uri("https://registry.example.com/v2/"), reference));

    public async Task InitializeAsync() => _server = Own(await LoopbackServer.StartAsync((context, _) =>
    {
        _targets.Enqueue($"{context.Request.Method} {RawTarget(context)}");
        return _answer(context);
    }));

    public async Task DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
    }

    private IImageRepository Open() =>
        Own(new RegistrySession(new RegistrySessionOptions())).Open(RegistryAddress.Parse(Host), "app");

    private static string RawTarget(HttpContext context) => context.Features.Get<IHttpRequestFeature>()!.RawTarget;

    private static Task Redirect(HttpContext context, int status, string location)
    {
        context.Response.Headers.Location = location;
        return StatusCode(context, status);
    }

    private static Task StatusCode(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private T Own<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
