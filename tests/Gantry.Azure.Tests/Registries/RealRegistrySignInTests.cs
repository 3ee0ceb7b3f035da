using System.Net;
using System.Net.Http.Headers;
using Azure.Core;
using Gantry.Azure.Registries;
using Gantry.Azure.SignIn;
using Gantry.Azure.Tests.Fakes;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Azure;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Azure.Tests.Registries;

/// <summary>The token exchange in front of a real registry, which verifies signature, scope and expiry itself.</summary>
public sealed class RealRegistrySignInTests : IAsyncLifetime
{
    private static readonly string[] Reader = ["pull"];
    private static readonly string[] Writer = ["pull", "push"];

    private static readonly HttpClient Client = new();

    private readonly SampleImage _image = SampleImage.Create(7, 40_000, 70_000);
    private readonly MemoryRegistries _memory = new();
    private readonly List<IAsyncDisposable> _disposables = [];
    private FakeAcrTokenService _tokens = null!;
    private RealRegistry _registry = null!;
    private IImageRepository _source = null!;

    public async Task InitializeAsync()
    {
        if (RequiredProgram.FindSkipReason(RequiredProgram.DockerRegistry) is not null)
            return;
        _tokens = await FakeAcrTokenService.StartAsync();
        _registry = await _tokens.StartRegistryAsync();
        _source = _memory.Open(RegistryAddress.Parse("base.example"), "app");
        await _image.PushAsync(_source);
    }

    public async Task DisposeAsync()
    {
        foreach (var disposable in _disposables)
            await disposable.DisposeAsync();
        if (_registry is not null)
            await _registry.DisposeAsync();
        if (_tokens is not null)
            await _tokens.DisposeAsync();
    }

    [RegistryFact]
    public async Task A_copy_requests_tokens_for_its_repository_only_and_reuses_them()
    {
        _tokens.Rights["team/app"] = Writer;
        var target = Open("team/app");

        await CopyAsync(_source, target);

        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(target, "1.0", CancellationToken.None);
        Assert.Empty(report.Faults);
        Assert.Equal(
            ["repository:team/app:pull", "repository:team/app:pull,push"],
            _tokens.RequestedScopes.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2, _tokens.RequestedScopes.Count);
        Assert.Equal(1, _tokens.Exchanges);
        Assert.Empty(_tokens.Violations);
    }

    [RegistryFact]
    public async Task A_token_is_cached_until_it_expires()
    {
        _tokens.Rights["app"] = Writer;
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var target = Open("app", time);

        await target.FindTagAsync("1.0", CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(70));
        await target.FindTagAsync("1.0", CancellationToken.None);
        Assert.Single(_tokens.IssuedTokens);

        // It is valid for 75 minutes from its issue, and real time may have passed since the clock was set.
        time.Advance(TimeSpan.FromMinutes(60));
        await target.FindTagAsync("1.0", CancellationToken.None);
        Assert.Equal(2, _tokens.IssuedTokens.Count);
    }

    [RegistryFact]
    public async Task A_read_only_identity_is_refused_and_the_missing_right_is_named()
    {
        _tokens.Rights["team/app"] = Reader;

        var error = await Assert.ThrowsAsync<GantryException>(() => CopyAsync(_source, Open("team/app")));

        Assert.Equal("GAN2003", error.Code);
        Assert.Contains("AcrPush", error.Remedy, StringComparison.Ordinal);
        Assert.Contains(
            "'Container Registry Repository Writer' with a condition that covers team/app", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("insufficient scope", _registry.Log, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task An_identity_without_rights_on_the_repository_is_refused()
    {
        _tokens.Rights["team/other"] = Writer;

        var error = await Assert.ThrowsAsync<GantryException>(() => Open("team/app").FindTagAsync("1.0", CancellationToken.None));

        Assert.Equal("GAN2003", error.Code);
        Assert.Contains("AcrPull", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("team/app", error.Remedy, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task An_expired_token_is_refused_and_replaced()
    {
        _tokens.Rights["app"] = Writer;
        _tokens.Lifetimes.Enqueue(TimeSpan.FromSeconds(-1));

        Assert.Null(await Open("app").FindTagAsync("1.0", CancellationToken.None));

        Assert.Equal(2, _tokens.IssuedTokens.Count);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskWithAsync(_tokens.IssuedTokens.First()));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await AskWithAsync(_tokens.IssuedTokens.Last()));
    }

    [RegistryFact]
    public async Task A_copy_that_outlives_its_token_continues_with_another()
    {
        _tokens.Rights["app"] = Writer;
        _tokens.Lifetimes.Enqueue(TimeSpan.FromHours(1));
        _tokens.Lifetimes.Enqueue(TimeSpan.FromSeconds(3));
        var target = Open("app");
        await target.HasManifestAsync(_image.Root.Descriptor.Digest, CancellationToken.None);

        // While its other blobs are written, one blob waits until the registry itself refuses their token.
        var slow = new SlowRepository(_source, async () =>
        {
            while (_tokens.IssuedTokens.Count < 2 || await AskWithAsync(_tokens.IssuedTokens.ElementAt(1)) != HttpStatusCode.Unauthorized)
                await Task.Yield();
        });
        await CopyAsync(slow, target);

        var report = await new ImageVerifier(new CopyOptions(), new CopyProgress()).VerifyAsync(target, "1.0", CancellationToken.None);
        Assert.Empty(report.Faults);
        Assert.True(slow.Waited);
        Assert.True(_tokens.IssuedTokens.Count >= 3);
    }

    [RegistryFact]
    public async Task A_revoked_refresh_token_is_exchanged_again()
    {
        _tokens.Rights["app"] = Writer;
        _tokens.Lifetimes.Enqueue(TimeSpan.FromSeconds(-1));
        var target = Open("app");
        await target.FindTagAsync("1.0", CancellationToken.None);
        _tokens.Revoke();

        await CopyAsync(_source, target);

        Assert.Equal(2, _tokens.Exchanges);
    }

    [RegistryFact]
    public async Task A_token_signed_by_another_service_is_refused()
    {
        await using var stranger = await FakeAcrTokenService.StartAsync();
        stranger.Rights["app"] = Writer;
        _tokens.Rights["app"] = Writer;
        await Open("app").FindTagAsync("1.0", CancellationToken.None);
        await using var elsewhere = await stranger.StartRegistryAsync();
        await Open("app", host: elsewhere.Host, service: stranger).FindTagAsync("1.0", CancellationToken.None);

        Assert.Equal(HttpStatusCode.NotFound, await AskWithAsync(_tokens.IssuedTokens.Last()));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskWithAsync(stranger.IssuedTokens.Last()));
    }

    private IImageRepository Open(string repository, TimeProvider? time = null, string? host = null, FakeAcrTokenService? service = null)
    {
        host ??= _registry.Host;
        var azure = new AzureSession(new AzureSessionOptions
        {
            TimeProvider = time ?? TimeProvider.System,
            Handler = (service ?? _tokens).CreateHandler(),
            SignIn = (_, _) =>
                DelegatedTokenCredential.Create((_, _) => new AccessToken(FakeAcrTokenService.EntraToken, DateTimeOffset.MaxValue)),
        });
        var session = new RegistrySession(new RegistrySessionOptions
        {
            Credentials = [new AcrCredentialSource(azure) { CustomDomains = new HashSet<string> { host } }],
            TimeProvider = time ?? TimeProvider.System,
        });
        _disposables.Add(session);
        return session.Open(RegistryAddress.Parse(host), repository);
    }

    private async Task CopyAsync(IImageRepository from, IImageRepository to)
    {
        var outcomes = await new ImageCopier().CopyAsync(
            [new CopyRequest { Source = from, Digest = _image.Root.Descriptor.Digest, Targets = [new CopyTarget(to, "1.0")] }],
            CancellationToken.None);
        if (outcomes[0].Error is { } error)
            throw error;
    }

    private async Task<HttpStatusCode> AskWithAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{_registry.Host}/v2/app/manifests/absent");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Client.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>A repository whose first blob waits before it is read.</summary>
    private sealed class SlowRepository(IImageRepository inner, Func<Task> wait) : IImageRepository
    {
        private int _opened;

        public bool Waited { get; private set; }

        public string Location => inner.Location;

        public string Registry => inner.Registry;

        public async Task<Stream> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _opened) == 1)
            {
                await wait();
                Waited = true;
            }

            return await inner.OpenBlobAsync(blob, cancellationToken);
        }

        public Task<Descriptor?> FindTagAsync(string tag, CancellationToken cancellationToken) =>
            inner.FindTagAsync(tag, cancellationToken);

        public Task<ManifestContent?> FindManifestAsync(string tag, CancellationToken cancellationToken) =>
            inner.FindManifestAsync(tag, cancellationToken);

        public Task<ManifestContent?> FindManifestAsync(Digest digest, CancellationToken cancellationToken) =>
            inner.FindManifestAsync(digest, cancellationToken);

        public Task<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) =>
            inner.HasManifestAsync(digest, cancellationToken);

        public Task<bool> HasBlobAsync(Descriptor blob, CancellationToken cancellationToken) => inner.HasBlobAsync(blob, cancellationToken);

        public Task<BlobPlacement> PutBlobAsync(
            Descriptor blob, Func<CancellationToken, Task<Stream>> open, IImageRepository? mountFrom,
            CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task PutManifestAsync(ManifestContent manifest, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PutTagAsync(string tag, ManifestContent manifest, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => inner.ListTagsAsync(cancellationToken);

        public Task<IReadOnlyList<string>?> TryListTagsInOnePageAsync(CancellationToken cancellationToken) =>
            inner.TryListTagsInOnePageAsync(cancellationToken);

        public Task<IReadOnlyList<Descriptor>> ListReferrersAsync(
            Digest subject, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken) =>
            inner.ListReferrersAsync(subject, knownTags, cancellationToken);
    }
}
