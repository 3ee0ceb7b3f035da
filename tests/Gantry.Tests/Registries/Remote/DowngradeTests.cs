using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Tests.Registries.Remote;

/// <summary>What begins with TLS never continues without it, not even to this machine.</summary>
public sealed class DowngradeTests : IAsyncLifetime
{
    private static readonly SampleImage s_image = SampleImage.Create(61, 200_000);
    private static readonly RegistryCredential s_password = new PasswordCredential(TokenAuthority.UserName, TokenAuthority.Password);
    private static readonly RegistryCredential s_token = new RefreshTokenCredential(TokenAuthority.RefreshToken);

    private readonly TestCertificateAuthority _authority = new();
    private readonly List<IAsyncDisposable> _started = [];
    private LoopbackServer _plain = null!;

    [Theory]
    [InlineData("password", false)]
    [InlineData("password", true)]
    [InlineData("refresh token", false)]
    [InlineData("refresh token", true)]
    public async Task A_registry_with_TLS_gets_no_token_for_a_realm_without_it(string credential, bool allowed)
    {
        var registry = await StartTlsAsync("Bearer");
        registry.Tokens.Realm = $"{_plain.Address}token";

        var thrown = await Assert.ThrowsAsync<GantryException>(
            () => Open(registry, credential == "password" ? s_password : s_token, allowed).FindTagAsync("v1", default));

        Assert.Equal("GAN2014", thrown.Code);
        Assert.Empty(_plain.Requests);
    }

    [Theory]
    [InlineData("GET", "/manifests/", 307)]
    [InlineData("GET", "/blobs/", 302)]
    [InlineData("PUT", "/manifests/", 307)]
    public async Task A_redirect_from_TLS_to_plain_HTTP_is_not_followed(string method, string path, int status)
    {
        var registry = await StartTlsAsync("Basic");
        registry.FailAlways(method, path, Redirect($"{_plain.Address}x", status));
        var app = Open(registry, s_password);

        var thrown = await Assert.ThrowsAsync<GantryException>(() => method == "PUT" ? app.PutManifestAsync(s_image.Root, default)
            : path == "/blobs/" ? app.OpenBlobAsync(s_image.BlobDescriptors.First(), default)
            : app.FindManifestAsync("v1", default));

        Assert.Equal("GAN2014", thrown.Code);
        Assert.Empty(_plain.Requests);
    }

    [Fact]
    public async Task A_token_server_that_redirects_to_plain_HTTP_gets_nothing_there()
    {
        var registry = await StartTlsAsync("Bearer");
        registry.FailAlways("GET", "/token", Redirect($"{_plain.Address}token"));

        Assert.Equal(
            "GAN2014", (await Assert.ThrowsAsync<GantryException>(() => Open(registry, s_password).FindTagAsync("v1", default))).Code);
        Assert.Empty(_plain.Requests);
    }

    [Fact]
    public async Task An_upload_that_continues_at_another_host_without_TLS_is_refused()
    {
        var registry = await StartTlsAsync("Basic");
        registry.FailAlways("POST", "/uploads/", Upload($"http://127.0.0.1:{_plain.Address.Port}/up"));
        var blob = s_image.BlobDescriptors.First();

        var thrown = await Assert.ThrowsAsync<GantryException>(() => Open(registry, s_password)
            .PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(s_image.Blobs[blob.Digest])), default));

        Assert.Equal("GAN2014", thrown.Code);
        Assert.Empty(_plain.Requests);
    }

    [Fact]
    public async Task A_page_of_the_same_host_without_TLS_is_read_with_it()
    {
        var registry = await StartTlsAsync("Basic", pageSize: 1);
        registry.Store.Add("app", s_image, "v2");
        registry.Fail("GET", "/tags/list", Header("Link", $"<http://{registry.Host}/v2/app/tags/list?last=v1>; rel=\"next\""));

        Assert.Equal(["v1", "v2"], await Open(registry, s_password).ListTagsAsync(default));
    }

    [Fact]
    public async Task A_registry_without_TLS_on_this_machine_keeps_its_realm_there()
    {
        var registry = Own(await ScriptedRegistry.StartAsync(new() { Scheme = "Bearer" }));
        registry.Store.Add("app", s_image, "v1");
        var app = Own(new RegistrySession(registry.SessionOptions(new FixedCredentialSource(s_password)))).Open(registry.Address, "app");

        Assert.Equal(s_image.Root.Descriptor, await app.FindTagAsync("v1", default));
    }

    [Fact]
    public async Task A_credential_is_not_sent_again_after_a_redirect_through_another_host()
    {
        var registry = Own(await ScriptedRegistry.StartAsync(new() { Scheme = "Basic" }));
        var headers = new Dictionary<string, string> { ["Location"] = $"{registry.Url}/v2/chosen/tags/list" };
        var elsewhere = Own(await LoopbackServer.StartAsync(new LoopbackResponse(302) { Headers = headers }));
        registry.FailAlways("GET", "/manifests/v1", Redirect($"{elsewhere.Address}x"));
        var app = Own(new RegistrySession(registry.SessionOptions(new FixedCredentialSource(s_password)))).Open(registry.Address, "app");
        Assert.Empty(await app.ListTagsAsync(default));

        await Assert.ThrowsAsync<GantryException>(() => app.FindManifestAsync("v1", default));

        Assert.All(
            registry.Requests.Where(request => request.Path.Contains("/chosen/", StringComparison.Ordinal)),
            request => Assert.Null(request.Authorization));
        Assert.Contains(registry.Requests, request => request.Path.Contains("/chosen/", StringComparison.Ordinal));
    }

    public async Task InitializeAsync() => _plain = Own(await LoopbackServer.StartAsync(new LoopbackResponse(200, "{\"token\":\"x\"}")));

    public async Task DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        _authority.Dispose();
    }

    private static Fault Upload(string location) => fault =>
    {
        fault.Http.Response.StatusCode = 202;
        fault.Http.Response.Headers.Location = location;
        return Task.CompletedTask;
    };

    private async Task<ScriptedRegistry> StartTlsAsync(string scheme, int pageSize = int.MaxValue)
    {
        var registry = Own(await ScriptedRegistry.StartAsync(
            new() { Scheme = scheme, PageSize = pageSize, Certificate = _authority.Issue("localhost") }));
        registry.Store.Add("app", s_image, "v1");
        return registry;
    }

    private IImageRepository Open(ScriptedRegistry registry, RegistryCredential credential, bool allowed = false)
    {
        var options = registry.SessionOptions(new FixedCredentialSource(credential)) with
        {
            TlsHosts = new HashSet<string> { registry.Host },
            CertificateAuthorities = [_authority.Certificate],
            PlainHttpHosts = new HashSet<string>(allowed ? [_plain.Address.Authority] : []),
        };
        return Own(new RegistrySession(options)).Open(registry.Address, "app");
    }

    private T Own<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
