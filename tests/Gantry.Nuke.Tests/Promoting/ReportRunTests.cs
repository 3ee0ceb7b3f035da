using Gantry.Nuke.Promoting;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Nuke.Tests.Promoting;

public sealed class ReportRunTests : IDisposable
{
    private readonly RunFixture _fixture = new();
    private readonly HttpClient _browser = new(new SocketsHttpHandler { UseProxy = false });
    private bool _fails;

    public void Dispose()
    {
        _browser.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public async Task The_page_has_the_release_of_each_environment_and_its_digest()
    {
        var release = await _fixture.PublishAsync("1.0.0");
        await _fixture.PromoteAsync(release, RunFixture.Dev, hoursAgo: 5);

        await Run.WriteAsync(_fixture.PathOf("report"), CancellationToken.None);

        var page = await File.ReadAllTextAsync(_fixture.PathOf("report/index.html"));
        Assert.Contains("1.0.0", page, StringComparison.Ordinal);
        Assert.Contains(release.Images[0].Digest.ToString(), page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 60, "--report-port -1 ")]
    [InlineData(65536, 60, "--report-port 65536 ")]
    [InlineData(0, 0, "--report-interval 0 ")]
    [InlineData(0, 86401, "--report-interval 86401 ")]
    public async Task A_port_or_an_interval_that_cannot_be_is_refused(int port, int seconds, string named)
    {
        var refused = await Assert.ThrowsAsync<GantryException>(() =>
            Run.WatchAsync(port, seconds, TimeProvider.System, CancellationToken.None));

        Assert.Equal("GAN4431", refused.Code);
        Assert.StartsWith(named, refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watched_page_is_read_again_survives_a_read_that_fails_and_ends_with_the_signal()
    {
        await _fixture.PromoteAsync(await _fixture.PublishAsync("1.0.0"), RunFixture.Dev, hoursAgo: 5);
        using var end = new CancellationTokenSource();
        var time = new StoppedTime();
        var port = FreePort.Find();
        var watching = Run.WatchAsync(port, seconds: 60, time, end.Token);
        await time.WaitForPausesAsync(1);
        Assert.Contains("1.0.0", await ReadPageAsync(port), StringComparison.Ordinal);

        await _fixture.PromoteAsync(await _fixture.PublishAsync("1.1.0"), RunFixture.Dev, hoursAgo: 2);
        _fails = true;
        time.EndPauses();
        await time.WaitForPausesAsync(1);
        Assert.DoesNotContain("1.1.0", await ReadPageAsync(port), StringComparison.Ordinal);

        _fails = false;
        time.EndPauses();
        await time.WaitForPausesAsync(1);
        Assert.Contains("1.1.0", await ReadPageAsync(port), StringComparison.Ordinal);

        await end.CancelAsync();
        await watching;
        await Assert.ThrowsAsync<HttpRequestException>(() => ReadPageAsync(port));
    }

    [Fact]
    public async Task A_page_that_was_never_served_is_interrupted()
    {
        using var end = new CancellationTokenSource();
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run.WatchAsync(0, seconds: 60, TimeProvider.System, end.Token));
    }

    private ReportRun Run => new(_fixture.Registries, _fixture.Keys, RunFixture.Images)
    {
        // Other faults of a registry are on the page.
        FindSourcesAsync = _ => _fails
            ? throw new GantryException("GAN3010", "the Dockerfile cannot be read", "write it again")
            : Task.FromResult<IReadOnlyList<Gantry.Status.IStatusSource>>([]),
    };

    private Task<string> ReadPageAsync(int port) => _browser.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"));
}
