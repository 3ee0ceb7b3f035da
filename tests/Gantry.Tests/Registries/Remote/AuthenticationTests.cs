using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Tests.Registries.Remote;

public sealed class AuthenticationTests : IAsyncLifetime
{
    private static readonly PasswordCredential s_password = new(TokenAuthority.UserName, TokenAuthority.Password);
    private static readonly SampleImage s_image = SampleImage.Create(21, 200_000, 1000, 2000);
    private readonly List<IAsyncDisposable> _started = [];

    public static TheoryData<string, RegistryCredential> Credentials => new()
    {
        { "Basic", s_password },
        { "Bearer", s_password },
        { "Bearer", new RefreshTokenCredential(TokenAuthority.RefreshToken) },
    };

    public static TheoryData<string, RegistryCredential?> Wrong => new()
    {
        { "Basic", null },
        { "Basic", new PasswordCredential("gantry", "secret") },
        { "Basic", new RefreshTokenCredential("secret") },
        { "Bearer", null },
        { "Bearer", new PasswordCredential("gantry", "secret") },
        { "Bearer", new RefreshTokenCredential("secret") },
    };

    [Theory, MemberData(nameof(Credentials))]
    public async Task A_valid_credential_reads_and_writes(string scheme, RegistryCredential credential)
    {
        var registry = await StartAsync(new() { Scheme = scheme });
        var app = Session(registry, credential).Open(registry.Address, "app");

        await PushAsync(app);
        await PullAsync(app);

        Assert.Single(registry.Requests, request => request.Authorization is null && request.Path != "/token");
    }

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_missing_or_wrong_credential_is_reported(string scheme, RegistryCredential? credential)
    {
        var registry = await StartAsync(new() { Scheme = scheme });
        var app = Session(registry, credential).Open(registry.Address, "app");

        var thrown = await Assert.ThrowsAsync<GantryException>(() => PushAsync(app));

        Assert.Contains(thrown.Code, new[] { "GAN2003", "GAN2025" });
        Assert.DoesNotContain("secret", thrown.ToString(), StringComparison.Ordinal);
        Assert.InRange(registry.Requests.Count, 1, 4);
    }

    [Fact]
    public async Task A_public_registry_is_read_without_a_credential()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer", AnonymousPull = true });
        registry.Store.Add("app", s_image, "v1");
        var app = Session(registry, null).Open(registry.Address, "app");

        await PullAsync(app);

        Assert.Contains(
            (await Assert.ThrowsAsync<GantryException>(() => PushAsync(app, SampleImage.Create(1, 10)))).Code,
            new[] { "GAN2003", "GAN2025" });
    }

    [Fact]
    public async Task One_token_is_requested_for_each_repository_and_action()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        registry.Store.Add("app", s_image, "v1");
        var session = Session(registry, s_password);
        await PullAsync(session.Open(registry.Address, "app"));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PullAsync(session.Open(registry.Address, "app"))));
        await PushAsync(session.Open(registry.Address, "app"), SampleImage.Create(1, 10));
        await PullAsync(session.Open(registry.Address, "app"));

        Assert.Equal(["repository:app:pull", "repository:app:pull,push"], registry.Tokens.IssuedScopes);
    }

    [Fact]
    public async Task A_mount_requests_one_token_for_both_repositories()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        registry.Store.Add("base", s_image, "v1");
        var session = Session(registry, s_password);
        await session.Open(registry.Address, "base").FindTagAsync("v1", default);

        var placed = await PutAsync(session.Open(registry.Address, "app"), session.Open(registry.Address, "base"));

        Assert.Equal(BlobPlacement.Mounted, placed);
        Assert.Equal(["repository:base:pull", "repository:app:pull,push repository:base:pull"], registry.Tokens.IssuedScopes);
    }

    [Fact]
    public async Task Without_access_to_the_source_a_mount_becomes_an_upload()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        registry.Store.Add("secret", s_image, "v1");
        registry.Tokens.ForbiddenRepository = "secret";
        var session = Session(registry, s_password);

        Assert.Equal(
            BlobPlacement.Uploaded, await PutAsync(session.Open(registry.Address, "app"), session.Open(registry.Address, "secret")));
    }

    [Fact]
    public async Task An_expiring_token_is_renewed_before_it_is_refused()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer", TokenLifetime = TimeSpan.FromMinutes(5) });
        registry.Store.Add("app", s_image, "v1");
        var app = Session(registry, s_password).Open(registry.Address, "app");
        await PullAsync(app);
        var refused = registry.Requests.Count(request => request.Authorization is null);

        registry.Time.Advance(TimeSpan.FromMinutes(4.95));
        await PullAsync(app);

        Assert.Equal(2, registry.Tokens.IssuedScopes.Count);
        Assert.Equal(refused, registry.Requests.Count(request => request.Authorization is null));
    }

    [Fact]
    public async Task A_revoked_token_is_renewed_when_it_is_refused()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        var app = Session(registry, s_password).Open(registry.Address, "app");
        await PushAsync(app);
        registry.Tokens.Revoke();

        await PullAsync(app);
        registry.Tokens.Revoke();
        await PushAsync(app, SampleImage.Create(1, 10));
    }

    [Fact]
    public async Task A_token_revoked_during_an_upload_is_renewed()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        var app = Session(registry, s_password).Open(registry.Address, "app");
        registry.Fail("PUT", "/blobs/uploads/", async fault =>
        {
            fault.Registry.Tokens.Revoke();
            await fault.AnswerAsync();
        });

        await PushAsync(app);

        await PullAsync(app);
        Assert.Empty(registry.Store.FindDamage());
    }

    [Fact]
    public async Task A_challenge_may_change()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        registry.Store.Add("app", s_image, "v1");
        var other = await StartAsync(new() { Scheme = "Bearer", Time = registry.Time });
        var app = Session(registry, s_password).Open(registry.Address, "app");
        await PullAsync(app);
        registry.Tokens.Revoke();
        registry.Fail(
            "GET",
            "/manifests/",
            Challenge(
                $"Bearer realm=\"{registry.Url}/token\",service=\"renamed\",scope=\"repository:app:pull repository:app/extra:pull\""));

        await PullAsync(app);

        Assert.Contains("repository:app/extra:pull", registry.Tokens.IssuedScopes.Last(), StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_registry_that_refuses_every_token_is_retried_a_few_times_only()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        registry.FailAlways(
            "GET", "/manifests/", Challenge($"Bearer realm=\"{registry.Url}/token\",service=\"scripted\",scope=\"repository:app:pull\""));

        var thrown = await Assert.ThrowsAsync<GantryException>(() =>
            Session(registry, s_password).Open(registry.Address, "app").FindManifestAsync("v1", default));

        Assert.Equal("GAN2003", thrown.Code);
        Assert.InRange(registry.Requests.Count, 2, 6);
    }

    [Theory]
    [InlineData("Negotiate")]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer realm=\"ftp://x/token\"")]
    [InlineData("Bearer realm=\"http://auth.example.com/token\"")]
    [InlineData("Bearer realm=\"not an address\"")]
    public async Task A_challenge_that_cannot_be_met_is_reported(string challenge)
    {
        var registry = await StartAsync(new());
        registry.FailAlways("GET", "/manifests/", Challenge(challenge));

        var thrown = await Assert.ThrowsAsync<GantryException>(() =>
            Session(registry, s_password).Open(registry.Address, "app").FindManifestAsync("v1", default));

        Assert.Contains(thrown.Code, new[] { "GAN2003", "GAN2014", "GAN2016" });
        Assert.InRange(registry.Requests.Count, 1, 1);
    }

    [Theory]
    [InlineData(200, "application/json", "{}")]
    [InlineData(200, "application/json", "{\"token\":\"\"}")]
    [InlineData(200, "application/json", "{\"token\":\"with space\"}")]
    [InlineData(200, "application/json", "{\"token\":\"line\\r\\nbreak\"}")]
    [InlineData(200, "application/json", "{\"token\":{}}")]
    [InlineData(200, "application/json", "not json")]
    [InlineData(200, "text/html", "<html>")]
    [InlineData(400, "application/json", "{}")]
    [InlineData(404, "application/json", "{}")]
    public async Task An_invalid_answer_of_the_token_server_is_reported(int status, string type, string body)
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        registry.FailAlways("GET", "/token", Answer(type, System.Text.Encoding.UTF8.GetBytes(body), status));

        var thrown = await Assert.ThrowsAsync<GantryException>(() =>
            Session(registry, s_password).Open(registry.Address, "app").FindManifestAsync("v1", default));

        Assert.Equal("GAN2025", thrown.Code);
        Assert.Equal(1, registry.Count("GET", "/token"));
    }

    [Fact]
    public async Task A_failed_token_request_is_retried()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        registry.Store.Add("app", s_image, "v1");
        registry.Fail("GET", "/token", StatusCode(503));
        registry.Fail("GET", "/token", Reset());
        await PullAsync(Session(registry, s_password).Open(registry.Address, "app"));
    }

    [Fact]
    public async Task A_token_server_may_be_on_another_host()
    {
        var time = new AutoAdvancingTime();
        var auth = await StartAsync(new() { Scheme = "Bearer", Time = time });
        var registry = await StartAsync(new() { Scheme = "Bearer", Time = time });
        registry.Tokens.Realm = $"{registry.Url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)}/token";
        registry.Store.Add("app", s_image, "v1");

        await PullAsync(Session(registry, s_password).Open(registry.Address, "app"));

        Assert.NotEmpty(registry.Tokens.IssuedScopes);
        Assert.Empty(auth.Requests);
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Bearer")]
    public async Task A_credential_does_not_follow_a_redirect_to_another_host(string scheme)
    {
        var time = new AutoAdvancingTime();
        var registry = await StartAsync(new() { Scheme = scheme, Time = time });
        var storage = await StartAsync(new() { Time = time });
        registry.Store.Add("app", s_image, "v1");
        storage.Store.Add("app", s_image, "v1");
        registry.FailAlways("GET", "/blobs/", Redirect($"{storage.Url}{{path}}"));

        await PullAsync(Session(registry, s_password).Open(registry.Address, "app"));

        Assert.Equal(s_image.Blobs.Count, storage.Requests.Count);
        Assert.All(storage.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task The_rest_of_a_redirected_blob_is_requested_from_the_registry()
    {
        var time = new AutoAdvancingTime();
        var registry = await StartAsync(new() { Scheme = "Bearer", Time = time });
        var storage = await StartAsync(new() { Time = time });
        registry.Store.Add("app", s_image, "v1");
        storage.Store.Add("app", s_image, "v1");
        registry.FailAlways("GET", "/blobs/", Redirect($"{storage.Url}{{path}}", 302));
        storage.Fail("GET", s_image.BlobDescriptors.ElementAt(1).Digest.ToString(), Truncate(90_000));

        await PullAsync(Session(registry, s_password).Open(registry.Address, "app"));

        Assert.Equal(s_image.Blobs.Count + 1, registry.Count("GET", "/blobs/"));
        Assert.Contains(storage.Requests, request => request.Range is not null);
    }

    [Fact]
    public async Task A_credential_does_not_follow_an_upload_to_another_host()
    {
        var time = new AutoAdvancingTime();
        var registry = await StartAsync(new() { Scheme = "Bearer", Time = time });
        var storage = await StartAsync(new() { Time = time });
        registry.FailAlways("POST", "/blobs/uploads/", async fault =>
        {
            fault.Http.Response.StatusCode = 202;
            fault.Http.Response.Headers.Location = $"{storage.Url}/v2/app/blobs/uploads/elsewhere?sig=abc";
            storage.Store.Uploads["elsewhere"] = new UploadState();
            await Task.CompletedTask;
        });

        await PutAsync(Session(registry, s_password).Open(registry.Address, "app"), null);

        var put = Assert.Single(storage.Requests);
        Assert.Null(put.Authorization);
        Assert.StartsWith("?sig=abc&digest=", put.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_found_per_host()
    {
        var time = new AutoAdvancingTime();
        var (source, target) =
            (await StartAsync(new() { Scheme = "Basic", Time = time }), await StartAsync(new() { Scheme = "Basic", Time = time }));
        source.Store.Add("app", s_image, "v1");
        var session = Own(new RegistrySession(source.SessionOptions(new FixedCredentialSource(s_password, source.Host))));

        await PullAsync(session.Open(source.Address, "app"));

        Assert.Equal("GAN2003", (await Assert.ThrowsAsync<GantryException>(() => PushAsync(session.Open(target.Address, "app")))).Code);
        Assert.All(target.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task A_token_server_that_redirects_does_not_take_the_refresh_token_to_another_host()
    {
        var time = new AutoAdvancingTime();
        var (registry, other) = (await StartAsync(new() { Scheme = "Bearer", Time = time }), await StartAsync(new() { Time = time }));
        registry.FailAlways("POST", "/token", Redirect($"{other.Url}/token"));
        var app = Session(registry, new RefreshTokenCredential(TokenAuthority.RefreshToken)).Open(registry.Address, "app");

        Assert.Equal("GAN2016", (await Assert.ThrowsAsync<GantryException>(() => app.FindTagAsync("v1", default))).Code);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_credential_renewed_by_its_source_is_used()
    {
        var registry = await StartAsync(new() { Scheme = "Bearer" });
        registry.Store.Add("app", s_image, "v1");
        var source = new ChangingCredential(
            new RefreshTokenCredential("outdated"), new RefreshTokenCredential(TokenAuthority.RefreshToken));

        await PullAsync(Own(new RegistrySession(registry.SessionOptions(source))).Open(registry.Address, "app"));
    }

    [Fact]
    public async Task Concurrent_requests_share_one_lookup_of_the_credential()
    {
        var registry = await StartAsync(new() { Scheme = "Basic" });
        registry.Store.Add("app", s_image, "v1");
        var source = new SlowCredential(s_password);
        var app = Own(new RegistrySession(registry.SessionOptions(source))).Open(registry.Address, "app");

        var reading = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PullAsync(app)));
        await source.Asked;
        while (registry.Requests.Count < 8)
            await Task.Yield();
        source.Answer();
        await reading;

        Assert.Equal(1, source.Times);
    }

    [Fact]
    public async Task A_refusal_is_one_sentence()
    {
        var registry = await StartAsync(new());
        registry.FailAlways("GET", "/manifests/", Refuse(403, "DENIED"));
        var app = Session(registry, null).Open(registry.Address, "app");

        var thrown = await Assert.ThrowsAsync<GantryException>(() => app.FindManifestAsync("v1", default));

        Assert.StartsWith($"GAN2003: {registry.Host}/app refuses reading the manifest v1: ", thrown.Message, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
    }

    private static async Task PullAsync(IImageRepository app)
    {
        var manifest = await app.FindManifestAsync("v1", default);
        foreach (var blob in s_image.BlobDescriptors)
        {
            await using var stream = await app.OpenBlobAsync(blob, default);
            await stream.CopyToAsync(Stream.Null);
        }

        Assert.Equal(s_image.Root.Descriptor, manifest!.Descriptor);
    }

    private static async Task PushAsync(IImageRepository app, SampleImage? image = null)
    {
        await (image ?? s_image).PushAsync(app);
        await app.PutTagAsync(image is null ? "v1" : "other", (image ?? s_image).Root, default);
    }

    private static Task<BlobPlacement> PutAsync(IImageRepository app, IImageRepository? mountFrom)
    {
        var layer = s_image.BlobDescriptors.ElementAt(1);
        return app.PutBlobAsync(layer, _ => Task.FromResult<Stream>(new MemoryStream(s_image.Blobs[layer.Digest])), mountFrom, default);
    }

    private async Task<ScriptedRegistry> StartAsync(ScriptedRegistryOptions options) => Own(await ScriptedRegistry.StartAsync(options));

    private RegistrySession Session(ScriptedRegistry registry, RegistryCredential? credential) =>
        Own(new RegistrySession(
            credential is null ? registry.SessionOptions() : registry.SessionOptions(new FixedCredentialSource(credential))));

    private T Own<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }

    private sealed class SlowCredential(RegistryCredential credential) : ICredentialSource
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _times;

        public Task Asked => _asked.Task;

        public int Times => _times;

        public void Answer() => _answer.SetResult();

        public async ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _times);
            _asked.TrySetResult();
            await _answer.Task;
            return credential;
        }
    }

    private sealed class ChangingCredential(params RegistryCredential[] credentials) : ICredentialSource
    {
        private int _asked;

        public ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken) =>
            ValueTask.FromResult<RegistryCredential?>(credentials[Math.Min(_asked++, credentials.Length - 1)]);
    }
}
