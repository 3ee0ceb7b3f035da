using System.Collections.Concurrent;
using Gantry.Copying;
using Gantry.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Copying;

public sealed class ProgressLoggerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BlockingCollection<string> _lines = [];
    private readonly CancellationTokenSource _done = new();

    [Fact]
    public async Task A_long_copy_is_logged_every_five_seconds()
    {
        var (from, to) = (new FakeRegistry("from.test"), new FakeRegistry("to.test"));
        from["app"].AddImage(new string('x', 100_000), "v1", layers: 3);
        var (held, holding) = (new TaskCompletionSource(), new TaskCompletionSource());
        to.Before = async (call, token) =>
        {
            if (!call.StartsWith("StoreBlob", StringComparison.Ordinal))
                return;
            if (to.Count("StoreBlob") == 4)
                holding.SetResult();
            await held.Task.WaitAsync(token);
        };
        var progress = new CopyProgress();
        var telling = ProgressLogger.WriteAsync(progress, _lines.Add, _time, _done.Token);
        var copying = new ImageCopier(new CopyOptions(), progress).CopyAsync(
            [new CopyRequest { Source = from["app"], Tag = "v1", Targets = [new CopyTarget(to["app"], "v1")] }], default);

        await holding.Task;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("390.7 KiB of 390.7 KiB, 0 of 4 blobs, 78.1 KiB/s, 00:00:00 left", _lines.Take());

        held.SetResult();
        await copying;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("390.7 KiB of 390.7 KiB, 4 of 4 blobs, 28.7 KiB/s, 00:00:00 left", _lines.Take());

        await _done.CancelAsync();
        await telling;
    }

    [Fact]
    public async Task A_short_copy_is_not_logged()
    {
        var telling = ProgressLogger.WriteAsync(new CopyProgress(), _lines.Add, _time, _done.Token);

        _time.Advance(TimeSpan.FromSeconds(4));
        await _done.CancelAsync();
        await telling;

        Assert.Empty(_lines);
    }

    [Fact]
    public void The_speed_is_recent_and_gives_the_time_left()
    {
        var speed = new SpeedMeter(_time, 1_000_000);

        Assert.Equal("0 B/s", speed.Describe(1_000_000, 3 * 1024 * 1024));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("1 MiB/s, 00:00:01 left", speed.Describe(1_000_000 + 1024 * 1024, 3 * 1024 * 1024));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("512 KiB/s, 00:00:02 left", speed.Describe(1_000_000 + 1024 * 1024, 3 * 1024 * 1024));
    }

    [Fact]
    public void A_restarted_blob_gives_no_negative_speed()
    {
        var speed = new SpeedMeter(_time, 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        speed.Measure(1000);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(500, speed.Measure(0), 0.001);
    }
}
