using Gantry.Copying;
using Gantry.Http;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Tests.Registries.Remote;

/// <summary>Mirrors that fail in the middle of a blob: the next one continues where they stopped.</summary>
public sealed class MirrorTests : IAsyncLifetime
{
    private const string Blob = "/blobs/";
    private static readonly SampleImage s_image = SampleImage.Create(71, 700_000);
    private static readonly Descriptor s_layer = s_image.BlobDescriptors.ElementAt(1);
    private ScriptedRegistry _origin = null!;
    private ScriptedRegistry _first = null!;
    private ScriptedRegistry _second = null!;
    private RegistrySession _session = null!;

    public async Task InitializeAsync()
    {
        var time = new AutoAdvancingTime();
        _origin = await StartAsync("app", time);
        _first = await StartAsync("cache/app", time);
        _second = await StartAsync("app", time);
        _session = new RegistrySession(_origin.SessionOptions() with
        {
            Mirrors = new Dictionary<string, IReadOnlyList<HostAddress>>
            {
                [_origin.Host] = [_first.Address with { Path = "cache" }, _second.Address],
            },
            Retry = new HttpRetryOptions { Attempts = 1 },
        });
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        await _origin.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task The_next_mirror_continues_where_a_broken_mirror_stopped()
    {
        _first.Fail("GET", Blob, Truncate(300_000));
        _first.FailAlways("GET", Blob, StatusCode(500));

        await ReadAsync();

        Assert.Matches("^bytes=[1-9]", _second.Requests.Single(request => request.Path.Contains(Blob, StringComparison.Ordinal)).Range);
        Assert.Equal(0, _origin.Count("GET", Blob));
    }

    [Fact]
    public async Task When_all_mirrors_break_off_the_registry_gives_the_rest()
    {
        _first.Fail("GET", Blob, Truncate(200_000));
        _first.FailAlways("GET", Blob, Reset());
        _second.Fail("GET", Blob, Truncate(100_000));
        _second.FailAlways("GET", Blob, Reset());

        await ReadAsync();

        Assert.Matches("^bytes=[1-9]", _origin.Requests.Single(request => request.Path.Contains(Blob, StringComparison.Ordinal)).Range);
    }

    [Fact]
    public async Task The_next_mirror_replaces_a_stalled_mirror()
    {
        var content = new AwaitedContent();
        _first.Fail("GET", Blob, StallAfter(100_000, content.HasArrivedAsync(100_000)));

        await ReadAsync(content);

        var rest = Assert.Single(_second.Requests, request => request.Path.Contains(Blob, StringComparison.Ordinal));
        Assert.Equal("bytes=100000-", rest.Range);
        Assert.Equal((1, 0), (_first.Count("GET", Blob), _origin.Count("GET", Blob)));
    }

    [Fact]
    public async Task The_error_of_the_registry_itself_is_reported()
    {
        _first.FailAlways("GET", Blob, StatusCode(404));
        _second.FailAlways("GET", Blob, Html());
        _origin.FailAlways("GET", Blob, StatusCode(403));

        Assert.Equal("GAN2003", (await Assert.ThrowsAsync<GantryException>(() => ReadAsync())).Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_mirror_with_wrong_content_is_not_used_again(int targets)
    {
        _first.FailAlways("GET", Blob, Corrupt());
        using var folder = new TempFolder();

        var outcomes = await new ImageCopier().CopyAsync(
            [
                new CopyRequest
                {
                    Source = _session.Open(_origin.Address, "app"),
                    Tag = "v1",
                    Targets =
                    [
                        .. Enumerable.Range(0, targets).Select(number =>
                            new CopyTarget(_session.Open(RegistryAddress.Parse($"oci:{folder.Combine($"to{number}")}"), "app"), "v1")),
                    ],
                },
            ],
            default);

        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        var asked = _first.Count("GET");
        await ReadAsync();
        Assert.Equal(asked, _first.Count("GET"));
    }

    private async Task ReadAsync(MemoryStream? into = null)
    {
        await using var stream = await _session.Open(_origin.Address, "app").OpenBlobAsync(s_layer, default);
        using var content = into ?? new MemoryStream();
        await stream.CopyToAsync(content);
        Assert.Equal(s_image.Blobs[s_layer.Digest], content.ToArray());
    }

    private static async Task<ScriptedRegistry> StartAsync(string repository, AutoAdvancingTime time)
    {
        var registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { Time = time });
        registry.Store.Add(repository, s_image, "v1");
        return registry;
    }

    /// <summary>Content that signals when so many bytes of it have arrived.</summary>
    private sealed class AwaitedContent : MemoryStream
    {
        private readonly List<(int Bytes, TaskCompletionSource Arrived)> _awaited = [];

        public Task HasArrivedAsync(int bytes)
        {
            _awaited.Add((bytes, new(TaskCreationOptions.RunContinuationsAsynchronously)));
            return _awaited[^1].Arrived.Task;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            foreach (var (_, arrived) in _awaited.Where(awaited => Length >= awaited.Bytes))
                arrived.TrySetResult();
        }
    }
}
