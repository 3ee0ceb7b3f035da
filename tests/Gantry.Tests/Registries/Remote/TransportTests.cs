using System.Net;
using System.Security.Cryptography;
using Gantry.Http;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Tests.Registries.Remote;

public sealed class TransportTests : IAsyncLifetime
{
    private static readonly SampleImage s_image = SampleImage.Create(31, 200_000, 1000);

    /// <summary>The time limit of a test: a hang is found without waiting for the limit of the whole run.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(5);
    private readonly List<IAsyncDisposable> _started = [];

    [Fact]
    public async Task A_new_blob_costs_a_read_and_two_writes()
    {
        var time = new AutoAdvancingTime();
        var (source, target) = (await StartAsync(new() { Time = time }), await StartAsync(new() { Time = time }));
        source.Store.Add("app", s_image, "v1");
        var session = Own(new RegistrySession(source.SessionOptions()));
        var (from, to) = (session.Open(source.Address, "app"), session.Open(target.Address, "app"));
        var layer = s_image.BlobDescriptors.ElementAt(1);

        await to.PutBlobAsync(layer, token => from.OpenBlobAsync(layer, token), default);

        Assert.Equal(["GET"], source.Requests.Select(request => request.Method));
        Assert.Equal(["POST", "PUT"], target.Requests.Select(request => request.Method));
    }

    [Theory]
    [InlineData(MountSupport.Any, "POST HEAD", "POST HEAD")]
    [InlineData(MountSupport.FromOthers, "POST HEAD", "HEAD")]
    [InlineData(MountSupport.None, "POST HEAD", "HEAD")]
    public async Task Blobs_are_checked_at_a_registry_that_does_not_mount_from_the_same_repository(
        MountSupport mounts, string first, string then)
    {
        var registry = await StartAsync(new() { Mounts = mounts, ReferenceImplementation = false });
        registry.Store.Add("app", s_image, "v1");
        var app = Own(new RegistrySession(registry.SessionOptions())).Open(registry.Address, "app");
        var blobs = s_image.BlobDescriptors.ToList();

        foreach (var blob in blobs.Take(2))
            Assert.Equal(
                BlobPlacement.AlreadyThere,
                await app.PutBlobAsync(blob, _ => throw new InvalidOperationException("read although it is there"), default));

        Assert.Equal($"{first} {then}", string.Join(' ', registry.Requests.Select(request => request.Method)));
    }

    [Fact]
    public async Task All_requests_wait_while_a_registry_asks_for_a_pause()
    {
        var registry = await StartAsync(new());
        registry.Store.Add("app", s_image, "v1");
        registry.Fail("GET", "/manifests/", StatusCode(429, "42"), 3);
        var app = Own(new RegistrySession(registry.SessionOptions())).Open(registry.Address, "app");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.FindManifestAsync("v1", default)));

        Assert.Contains(registry.Time.Pauses, pause => pause > TimeSpan.FromSeconds(40) && pause <= TimeSpan.FromSeconds(42));
    }

    [Fact]
    public async Task A_denied_mount_is_not_requested_again()
    {
        var registry = await StartAsync(new());
        registry.Store.Add("base", s_image, "v1");
        registry.FailAlways("POST", "from=base", Refuse(403, "DENIED"));
        var session = Own(new RegistrySession(registry.SessionOptions()));
        var (from, to) = (session.Open(registry.Address, "base"), session.Open(registry.Address, "app"));

        foreach (var blob in s_image.BlobDescriptors)
            Assert.Equal(BlobPlacement.Uploaded, await to.PutBlobAsync(blob, token => from.OpenBlobAsync(blob, token), from, default));

        Assert.Single(registry.Requests, request => request.Query.Contains("from=base", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Concurrent_refusals_count_as_one()
    {
        const int Requests = 12;
        var registry = await StartAsync(new());
        registry.Store.Add("app", s_image, "v1");
        var arrived = 0;
        var together = new TaskCompletionSource();
        registry.Fail("GET", "/manifests/", async fault =>
        {
            if (Interlocked.Increment(ref arrived) == Requests)
                together.SetResult();
            await together.Task;
            await StatusCode(429)(fault);
        }, Requests);
        var time = new StoppedTime();
        var options = registry.SessionOptions() with
        {
            TimeProvider = time,
            NoProgressTimeout = StoppedTime.TimeLimit * 2,
            StallTimeout = StoppedTime.TimeLimit,
            ResponseTimeout = StoppedTime.TimeLimit,
        };
        var app = Own(new RegistrySession(options)).Open(registry.Address, "app");

        var reading = Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => app.FindManifestAsync("v1", default)));
        await time.WaitForPausesAsync(Requests).WaitAsync(s_hang);
        Assert.All(time.Pauses, pause => Assert.Equal(options.Retry.RateLimitDelay, pause));
        time.EndPauses();
        await reading.WaitAsync(s_hang);

        // A refusal after the pause is the second refusal in a row.
        registry.Fail("GET", "/manifests/", StatusCode(429), 2);
        var again = app.FindManifestAsync("v1", default);
        foreach (var factor in new[] { 1, 2 })
        {
            await time.WaitForPausesAsync(1).WaitAsync(s_hang);
            Assert.Equal([options.Retry.RateLimitDelay * factor], time.Pauses);
            time.EndPauses();
        }

        await again.WaitAsync(s_hang);
    }

    [Fact]
    public async Task A_large_blob_is_resumed_in_chunks_without_damage()
    {
        var registry = await StartAsync(new());
        var content = RandomNumberGenerator.GetBytes(40 * 1024 * 1024);
        var blob = new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = Digest.Of(content), Size = content.Length };
        registry.Fail("PUT", blob.Digest.Hex, ResetAfterReceiving(1_000_000));
        registry.Fail("PATCH", "/uploads/", ResetAfterReceiving(500_000));
        var app = Own(new RegistrySession(registry.SessionOptions())).Open(registry.Address, "app");

        await app.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content)), default);

        Assert.Equal(content, registry.Store.Blobs[("app", blob.Digest.ToString())]);
        Assert.InRange(registry.Count("PATCH"), 3, 4);
    }

    [Fact]
    public async Task An_upload_that_advances_between_interruptions_is_not_given_up()
    {
        var registry = await StartAsync(new());
        var content = RandomNumberGenerator.GetBytes(40 * 1024 * 1024);
        var blob = new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = Digest.Of(content), Size = content.Length };
        registry.Fail("PUT", blob.Digest.Hex, ResetAfterReceiving(2_000_000));
        registry.Fail("PATCH", "/uploads/", ResetAfterReceiving(2_000_000), new HttpRetryOptions().Attempts * 2);
        var app = Own(new RegistrySession(registry.SessionOptions())).Open(registry.Address, "app");

        await app.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content)), default);

        Assert.Equal(content, registry.Store.Blobs[("app", blob.Digest.ToString())]);
    }

    [Fact]
    public async Task A_blob_of_sha512_is_verified()
    {
        var registry = await StartAsync(new());
        var content = RandomNumberGenerator.GetBytes(100_000);
        var digest = Digest.Parse($"sha512:{Convert.ToHexStringLower(SHA512.HashData(content))}");
        var blob = new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = digest, Size = content.Length };
        var app = Own(new RegistrySession(registry.SessionOptions())).Open(registry.Address, "app");

        await app.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(content)), default);
        registry.FailAlways("GET", "/blobs/", Corrupt());

        await using var stream = await app.OpenBlobAsync(blob, default);
        Assert.Equal("GAN2005", (await Assert.ThrowsAsync<GantryException>(() => stream.CopyToAsync(Stream.Null))).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Content_read_by_digest_comes_from_a_mirror(bool mirrorWorks)
    {
        var time = new AutoAdvancingTime();
        var (origin, mirror) = (await StartAsync(new() { Time = time }), await StartAsync(new() { Time = time }));
        origin.Store.Add("app", s_image, "v1");
        mirror.Store.Add("cache/app", s_image);
        if (!mirrorWorks)
            mirror.FailAlways("GET", "", StatusCode(404));
        var mirrors = new Dictionary<string, IReadOnlyList<HostAddress>> { [origin.Host] = [mirror.Address with { Path = "cache" }] };
        var app = Own(new RegistrySession(origin.SessionOptions() with { Mirrors = mirrors })).Open(origin.Address, "app");

        Assert.NotNull(await app.FindTagAsync("v1", default));
        Assert.NotNull(await app.FindManifestAsync(s_image.Root.Descriptor.Digest, default));
        await using var stream = await app.OpenBlobAsync(s_image.BlobDescriptors.First(), default);
        await stream.CopyToAsync(Stream.Null);

        Assert.Equal(mirrorWorks ? 0 : 2, origin.Count("GET"));
        Assert.Equal(1, origin.Count("HEAD"));
        Assert.Equal(2, mirror.Requests.Count);
    }

    [Fact]
    public async Task A_registry_with_a_private_authority_is_reached_when_it_is_trusted()
    {
        using var authority = new TestCertificateAuthority();
        var certificate = authority.Issue("localhost");
        var registry = await StartAsync(new() { Certificate = certificate });
        registry.Store.Add("app", s_image, "v1");
        var options = registry.SessionOptions() with { TlsHosts = new HashSet<string> { registry.Host } };

        var stranger = Own(new RegistrySession(options)).Open(registry.Address, "app");
        Assert.Equal("GAN2008", (await Assert.ThrowsAsync<GantryException>(() => stranger.FindTagAsync("v1", default))).Code);
        Assert.Empty(registry.Requests);

        var friend = Own(new RegistrySession(options with { CertificateAuthorities = [authority.Certificate] }))
            .Open(registry.Address, "app");
        Assert.NotNull(await friend.FindTagAsync("v1", default));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_not_trusted()
    {
        using var authority = new TestCertificateAuthority();
        var certificate = authority.Issue("registry.example.com");
        var registry = await StartAsync(new() { Certificate = certificate });
        var options = registry.SessionOptions() with
        {
            TlsHosts = new HashSet<string> { registry.Host },
            CertificateAuthorities = [authority.Certificate],
        };

        var app = Own(new RegistrySession(options)).Open(registry.Address, "app");

        Assert.Equal("GAN2008", (await Assert.ThrowsAsync<GantryException>(() => app.FindTagAsync("v1", default))).Code);
    }

    [Fact]
    public async Task A_registry_without_TLS_is_reported()
    {
        var registry = await StartAsync(new());
        var options = registry.SessionOptions() with { TlsHosts = new HashSet<string> { registry.Host } };

        var app = Own(new RegistrySession(options)).Open(registry.Address, "app");

        Assert.Contains(
            (await Assert.ThrowsAsync<GantryException>(() => app.FindTagAsync("v1", default))).Code,
            new[] { "GAN2008", "GAN2001", "GAN2015" });
    }

    [Fact]
    public async Task A_refused_connection_is_reported_after_few_attempts()
    {
        var time = new AutoAdvancingTime();
        var session = Own(new RegistrySession(new RegistrySessionOptions
        {
            TimeProvider = time,
            StallTimeout = AutoAdvancingTime.TimeLimit,
            ResponseTimeout = AutoAdvancingTime.TimeLimit,
        }));

        var thrown = await Assert.ThrowsAsync<GantryException>(() =>
            session.Open(RegistryAddress.Parse($"localhost:{FreePort.Find()}"), "app").FindTagAsync("v1", default));

        Assert.Equal("GAN2001", thrown.Code);
        Assert.Equal(2, time.Pauses.Count);
    }

    [Fact]
    public async Task A_proxy_is_used_when_one_is_named()
    {
        var registry = await StartAsync(new());
        registry.Store.Add("app", s_image, "v1");
        var options = registry.SessionOptions() with
        {
            Proxy = new WebProxy(registry.Url),
            PlainHttpHosts = new HashSet<string> { "registry.example.com" },
        };

        var found = await Own(new RegistrySession(options))
            .Open(RegistryAddress.Parse("registry.example.com"), "app")
            .FindTagAsync("v1", default);

        Assert.Equal(s_image.Root.Descriptor, found);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_the_referrers_API_the_fallback_tag_is_maintained(bool api)
    {
        var registry = await StartAsync(new() { ReferrersApi = api });
        registry.Store.Add("app", s_image, "v1");
        var app = Own(new RegistrySession(registry.SessionOptions())).Open(registry.Address, "app");

        await Task.WhenAll(Enumerable.Range(0, 5)
            .Select(number => SampleImage.CreateReferrer(s_image.Root.Descriptor, $"number {number}").PushAsync(app)));

        Assert.Equal(5, (await app.ListReferrersAsync(s_image.Root.Descriptor.Digest, default)).Count);
        Assert.Equal(api ? ["v1"] : [$"sha256-{s_image.Root.Descriptor.Digest.Hex}", "v1"], await app.ListTagsAsync(default));
    }

    [Fact]
    public async Task Concurrent_referrers_are_added_to_the_fallback_tag_together()
    {
        const int Referrers = 12;
        var registry = await StartAsync(new() { ReferrersApi = false });
        registry.Store.Add("app", s_image, "v1");

        // The first request shows, before anything is written, that the registry keeps lists under tags.
        registry.Fail("GET", "/manifests/sha256-", fault => fault.AnswerAsync());
        registry.Fail("GET", "/manifests/sha256-", async fault =>
        {
            // The next request for the index is answered when all others wait for it.
            while (registry.Count("PUT", "/manifests/sha256:") < Referrers)
                await Task.Yield();
            await fault.AnswerAsync();
        });
        var app = Own(new RegistrySession(registry.SessionOptions())).Open(registry.Address, "app");

        await Task.WhenAll(Enumerable.Range(0, Referrers)
            .Select(number => SampleImage.CreateReferrer(s_image.Root.Descriptor, $"number {number}").PushAsync(app)));

        Assert.Equal(Referrers, (await app.ListReferrersAsync(s_image.Root.Descriptor.Digest, default)).Count);
        Assert.InRange(registry.Count("PUT", "/manifests/sha256-"), 1, Referrers / 2);
    }

    [Fact]
    public async Task A_fallback_index_with_a_subject_is_extended()
    {
        var registry = await StartAsync(new() { ReferrersApi = false });
        registry.Store.Add("app", s_image, "v1");
        var app = Own(new RegistrySession(registry.SessionOptions())).Open(registry.Address, "app");
        var index = ManifestContent.Create(
            new ImageIndex { MediaType = MediaTypes.OciIndex, Manifests = [], Subject = s_image.Root.Descriptor });
        var digest = index.Descriptor.Digest.ToString();
        registry.Store.Manifests[("app", digest)] = (index.Descriptor.MediaType, index.Bytes.ToArray());
        registry.Store.Tags[("app", $"sha256-{s_image.Root.Descriptor.Digest.Hex}")] = digest;

        await SampleImage.CreateReferrer(s_image.Root.Descriptor, "one").PushAsync(app).WaitAsync(s_hang);

        Assert.Single(await app.ListReferrersAsync(s_image.Root.Descriptor.Digest, default));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
    }

    private async Task<ScriptedRegistry> StartAsync(ScriptedRegistryOptions options) => Own(await ScriptedRegistry.StartAsync(options));

    private T Own<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
