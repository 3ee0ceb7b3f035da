using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Tests.Registries.Remote;

/// <summary>How often and how long something is tried again, whatever a server answers or does not.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private static readonly SampleImage s_image = SampleImage.Create(71, 2_500_000, 1000);
    private static readonly Descriptor s_layer = s_image.BlobDescriptors.ElementAt(1);
    private static readonly RegistryCredential s_password = new PasswordCredential(TokenAuthority.UserName, TokenAuthority.Password);

    /// <summary>The time limit of a test: a hang is found without waiting for the limit of the whole run.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(5);

    /// <summary>The time without progress of the sessions, and the pauses: a test advances its clock by whole time limits.</summary>
    private static readonly TimeSpan s_limit = (AutoAdvancingTime.TimeLimit * 4) + TimeSpan.FromMinutes(1);

    private readonly List<IAsyncDisposable> _started = [];

    [Theory]
    [InlineData(429, "0")]
    [InlineData(429, "000")]
    [InlineData(429, "Wed, 21 Oct 2015 07:28:00 GMT")]
    [InlineData(429, "-1")]
    [InlineData(429, "soon")]
    [InlineData(503, "0")]
    [InlineData(503, "Wed, 21 Oct 2015 07:28:00 GMT")]
    public async Task A_server_that_asks_for_no_pause_gets_the_usual_ones(int status, string retryAfter)
    {
        var registry = Own(await ScriptedRegistry.StartAsync(new() { Time = new() { PausesUpTo = TimeSpan.FromSeconds(41) } }));
        registry.FailAlways("GET", "/manifests/", StatusCode(status, retryAfter));
        var options = new RegistrySessionOptions { TimeProvider = registry.Time, StallTimeout = TimeSpan.FromMinutes(1) };
        var app = Own(new RegistrySession(options)).Open(registry.Address, "app");

        var code = await CodeOfAsync(() => app.FindManifestAsync("v1", default));

        Assert.Equal(status == 429 ? "GAN2007" : "GAN2013", code);
        Assert.InRange(registry.Requests.Count, 2, 6);
        Assert.Equal(registry.Requests.Count - 1, registry.Time.Pauses.Count);
        Assert.All(registry.Time.Pauses, pause => Assert.NotEqual(TimeSpan.Zero, pause));
        Assert.InRange(Elapsed(registry), TimeSpan.FromSeconds(status == 429 ? 60 : 1), TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData("301")]
    [InlineData("86400")]
    [InlineData("99999999999999999999")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task A_pause_that_is_too_long_is_an_error_at_once(string retryAfter)
    {
        var (registry, app) = await StartAsync();
        registry.FailAlways("GET", "/manifests/", StatusCode(429, retryAfter));

        Assert.Equal("GAN2007", await CodeOfAsync(() => app.FindManifestAsync("v1", default)));

        Assert.Single(registry.Requests);
        Assert.Empty(registry.Time.Pauses);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task The_pauses_that_a_server_asks_for_are_bounded_together(int status)
    {
        var (registry, app) = await StartAsync();
        registry.FailAlways("GET", "/manifests/", StatusCode(status, "200"));

        Assert.NotEqual("", await CodeOfAsync(() => app.FindManifestAsync("v1", default)));

        Assert.InRange(Elapsed(registry), TimeSpan.FromSeconds(200), TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData("GET", "/manifests/")]
    [InlineData("GET", "/blobs/")]
    [InlineData("GET", "/tags/")]
    [InlineData("GET", "/referrers/")]
    [InlineData("GET", "/token")]
    [InlineData("HEAD", "/manifests/")]
    [InlineData("HEAD", "/blobs/")]
    [InlineData("POST", "/uploads/")]
    [InlineData("PUT", "/uploads/")]
    [InlineData("PUT", "/manifests/")]
    public async Task An_answer_that_never_comes_ends_in_the_time_without_progress(string method, string path)
    {
        var (registry, app) = await StartAsync(new() { Scheme = path == "/token" ? "Bearer" : null });
        registry.FailAlways(method, path, Stall());

        var code = await CodeOfAsync(() => AskAsync(app, method, path)).WaitAsync(s_hang);

        Assert.Equal("GAN2012", code);
        Assert.InRange(Elapsed(registry), AutoAdvancingTime.TimeLimit, s_limit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_blob_that_stops_in_every_attempt_ends_in_the_time_without_progress(bool ranges)
    {
        var (registry, app) = await StartAsync(new() { Ranges = ranges });
        registry.Store.Add("app", s_image, "v1");
        registry.FailAlways("GET", "/blobs/", StallAfter(1000));

        Assert.Equal("GAN2012", await CodeOfAsync(() => AskAsync(app, "GET", "/blobs/")).WaitAsync(s_hang));

        Assert.InRange(Elapsed(registry), AutoAdvancingTime.TimeLimit, s_limit);
    }

    [Fact]
    public async Task A_blob_that_progresses_between_stops_takes_as_long_as_it_takes()
    {
        var (registry, app) = await StartAsync();
        registry.Store.Add("app", s_image, "v1");
        registry.Fail("GET", "/blobs/", StallAfter(400_000), 5);

        Assert.Equal("", await CodeOfAsync(() => AskAsync(app, "GET", "/blobs/")).WaitAsync(s_hang));

        Assert.True(Elapsed(registry) > AutoAdvancingTime.TimeLimit * 4);
    }

    [Fact]
    public async Task What_is_awaited_is_said_while_it_is_awaited()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var (arrived, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        var notices = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var server = Own(await LoopbackServer.StartAsync(async (context, _) =>
        {
            arrived.SetResult();
            await answer.Task;
            context.Response.StatusCode = 404;
        }));
        var options = new RegistrySessionOptions { TimeProvider = time, Notice = notices.Enqueue };
        var app = Own(new RegistrySession(options)).Open(RegistryAddress.Parse(server.Address.Authority), "app");

        var finding = app.FindManifestAsync("v1", default);
        await arrived.Task.WaitAsync(s_hang);
        time.Advance(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(15));
        answer.SetResult();
        Assert.Null(await finding.WaitAsync(s_hang));

        var host = server.Address.Authority;
        Assert.Equal(
            [
                $"{host} makes no progress while reading the manifest of tag 'v1' in {host}/app: 15 seconds of at most 2 minutes",
                $"{host} makes no progress while reading the manifest of tag 'v1' in {host}/app: 30 seconds of at most 2 minutes",
            ],
            notices);
    }

    [Fact]
    public async Task A_longer_pause_is_said_once_before_it_begins()
    {
        var notices = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var registry = Own(await ScriptedRegistry.StartAsync());
        registry.Store.Add("app", s_image, "v1");
        registry.Fail("GET", "/manifests/", StatusCode(429, "42"));
        var app = Own(new RegistrySession(registry.SessionOptions() with { Notice = notices.Enqueue })).Open(registry.Address, "app");

        await app.FindManifestAsync("v1", default);

        Assert.Contains($"{registry.Host} asks to wait 42 seconds", notices);
    }

    [Theory]
    [InlineData("/manifests/sha256:")]
    [InlineData("/manifests/v1")]
    public async Task What_was_written_is_read_back_until_it_shows(string path)
    {
        var (registry, app) = await StartAsync(new() { Mounts = MountSupport.None });
        var source = Own(await ScriptedRegistry.StartAsync());
        source.Store.Add("app", s_image, "v1");
        source.Store.Add("app", SampleImage.CreateReferrer(s_image.Root.Descriptor, "signature"));
        registry.Fail("PUT", path, async fault =>
        {
            await fault.AnswerAsync();
            registry.Fail("GET", path, Refuse(404, "MANIFEST_UNKNOWN"), 4);
        });

        Assert.Equal("", await CodeOfAsync(() => CopyAsync(source, app)));

        // Four pauses, each of a random part of its length.
        Assert.InRange(Elapsed(registry), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_moved_tag_that_shows_the_old_image_for_a_while_is_read_again()
    {
        var (registry, app) = await StartAsync();
        var old = SampleImage.Create(72, 100);
        registry.Store.Add("app", old, "v1");
        registry.Store.Add("app", s_image);
        await app.PutTagAsync("v1", s_image.Root, default);
        registry.Fail("HEAD", "/manifests/v1", Header("Docker-Content-Digest", old.Root.Descriptor.Digest.ToString()), 2);

        Assert.Equal(s_image.Root.Descriptor, await app.FindTagAsync("v1", default));
    }

    [Fact]
    public async Task What_never_shows_is_an_error()
    {
        var (registry, app) = await StartAsync();
        var source = Own(await ScriptedRegistry.StartAsync());
        source.Store.Add("app", s_image, "v1");
        registry.FailAlways("GET", "/manifests/v1", Refuse(404, "MANIFEST_UNKNOWN"));

        Assert.Equal("GAN4032", await CodeOfAsync(() => CopyAsync(source, app)));
    }

    public static TheoryData<string> PassingFaults => ["shorter", "shorter without a length", "longer", "page", "damaged"];

    [Theory, MemberData(nameof(PassingFaults))]
    public async Task A_blob_that_is_wrong_once_is_read_again(string kind)
    {
        Fault fault = kind switch
        {
            "shorter" => Shorten(1000),
            "shorter without a length" => ShortenChunked(1000),
            "longer" => Lengthen(10),
            "page" => Html(),
            _ => Corrupt(),
        };
        var (registry, app) = await StartAsync();
        var source = Own(await ScriptedRegistry.StartAsync());
        source.Store.Add("app", s_image, "v1");
        source.Fail("GET", $"/blobs/{s_layer.Digest}", fault);
        Assert.Equal("", await CodeOfAsync(() => CopyAsync(source, app)));

        source.Fail("GET", $"/blobs/{s_layer.Digest}", fault);
        var session = Own(new RegistrySession(source.SessionOptions()));
        var verifier = new ImageVerifier(new CopyOptions(), new CopyProgress());
        Assert.Empty((await verifier.VerifyAsync(session.Open(source.Address, "app"), "v1", default)).Faults);
        Assert.Empty(registry.Store.FindDamage());
    }

    [Theory]
    [InlineData(405)]
    [InlineData(411)]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(501)]
    [InlineData(404)]
    public async Task An_upload_whose_content_may_not_be_in_its_last_request_is_sent_in_chunks(int status)
    {
        var (registry, app) = await StartAsync();
        registry.FailAlways("PUT", "/uploads/", fault =>
            fault.Http.Request.ContentLength > 0 ? Refuse(status, "UNSUPPORTED")(fault) : fault.AnswerAsync());

        await PutAsync(app);

        Assert.Equal(s_image.Blobs[s_layer.Digest], registry.Store.Blobs[("app", s_layer.Digest.ToString())]);
        Assert.NotEqual(0, registry.Count("PATCH"));
    }

    [Fact]
    public async Task Chunks_are_as_small_as_a_proxy_requires()
    {
        var (registry, app) = await StartAsync();
        Fault limited = fault => fault.Http.Request.ContentLength > 1_000_000 ? StatusCode(413)(fault) : fault.AnswerAsync();
        registry.FailAlways("PUT", "/uploads/", limited);
        registry.FailAlways("PATCH", "/uploads/", limited);

        await PutAsync(app);

        Assert.Equal(s_image.Blobs[s_layer.Digest], registry.Store.Blobs[("app", s_layer.Digest.ToString())]);
        Assert.Equal(5, registry.Count("PATCH"));
    }

    [Fact]
    public async Task An_upload_that_is_refused_in_every_way_is_an_error()
    {
        var (registry, app) = await StartAsync();
        registry.FailAlways("PUT", "/uploads/", StatusCode(405));
        registry.FailAlways("PATCH", "/uploads/", StatusCode(405));

        Assert.Equal("GAN2011", await CodeOfAsync(() => PutAsync(app)));

        Assert.InRange(registry.Requests.Count, 4, 10);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
    }

    private static TimeSpan Elapsed(ScriptedRegistry registry) => new(registry.Time.GetTimestamp());

    private static async Task AskAsync(IImageRepository app, string method, string path)
    {
        switch (method, path)
        {
            case ("GET", "/blobs/"):
                await using (var stream = await app.OpenBlobAsync(s_layer, default))
                    await stream.CopyToAsync(Stream.Null);
                break;
            case ("GET", "/tags/"):
                await app.ListTagsAsync(default);
                break;
            case ("GET", "/referrers/"):
                await app.ListReferrersAsync(s_image.Root.Descriptor.Digest, default);
                break;
            case ("HEAD", "/blobs/"):
                await app.HasBlobAsync(s_layer, default);
                break;
            case ("HEAD", _):
                await app.FindTagAsync("v1", default);
                break;
            case ("POST", _) or ("PUT", "/uploads/"):
                await PutAsync(app);
                break;
            case ("PUT", _):
                await app.PutManifestAsync(s_image.Root, default);
                break;
            default:
                await app.FindManifestAsync("v1", default);
                break;
        }
    }

    private static Task<BlobPlacement> PutAsync(IImageRepository app) =>
        app.PutBlobAsync(s_layer, _ => Task.FromResult<Stream>(new MemoryStream(s_image.Blobs[s_layer.Digest])), default);

    private async Task CopyAsync(ScriptedRegistry source, IImageRepository target)
    {
        var from = Own(new RegistrySession(source.SessionOptions())).Open(source.Address, "app");
        var request = new CopyRequest { Source = from, Tag = "v1", Targets = [new CopyTarget(target, "v1")] };
        var outcomes = await new ImageCopier().CopyAsync([request], default);
        if (outcomes[0].Error is { } error)
            throw error;
    }

    private static async Task<string> CodeOfAsync(Func<Task> act)
    {
        try
        {
            await act();
            return "";
        }
        catch (GantryException exception)
        {
            return exception.Code;
        }
    }

    private async Task<(ScriptedRegistry Registry, IImageRepository App)> StartAsync(ScriptedRegistryOptions? options = null)
    {
        var registry = Own(await ScriptedRegistry.StartAsync(options ?? new()));
        var session = Own(new RegistrySession(registry.SessionOptions(new FixedCredentialSource(s_password))));
        return (registry, session.Open(registry.Address, "app"));
    }

    private T Own<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
