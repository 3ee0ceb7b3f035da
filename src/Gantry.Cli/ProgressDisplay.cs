using System.Globalization;
using Gantry.Copying;
using Gantry.Promotion;

namespace Gantry.Cli;

/// <summary>How progress is shown.</summary>
internal enum ProgressStyle
{
    /// <summary>Bars on a terminal, lines elsewhere.</summary>
    Auto,

    /// <summary>Bars.</summary>
    Bars,

    /// <summary>A line every few seconds.</summary>
    Lines,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>Shows how far a copy is: bars on a terminal, a line every few seconds in a log. What is over sooner shows nothing.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(99);

    /// <summary>Shows progress until cancelled.</summary>
    public static Task ShowAsync(ProgressStyle style, CopyProgress progress, CommandContext context, CancellationToken cancellationToken) => style switch
    {
        ProgressStyle.None => Task.CompletedTask,
        ProgressStyle.Bars => ProgressBars.ShowAsync(progress, context, cancellationToken),
        ProgressStyle.Auto when IsTerminal => ProgressBars.ShowAsync(progress, context, cancellationToken),
        _ => ShowLinesAsync(progress, context, cancellationToken),
    };

    private static bool IsTerminal =>
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && Environment.GetEnvironmentVariable("TF_BUILD") is null && Environment.GetEnvironmentVariable("CI") is null;

    private static async Task ShowLinesAsync(CopyProgress progress, CommandContext context, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, context.Time);
        var speed = new SpeedMeter(context.Time, progress.BytesDone);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await context.Error.WriteLineAsync(Describe(progress, speed.Measure(progress.BytesDone)));
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    /// <summary>One line: bytes, blobs, speed, time left.</summary>
    internal static string Describe(CopyProgress progress, double bytesPerSecond)
    {
        var (done, expected) = (progress.BytesDone, progress.BytesExpected);
        return $"{PromotionText.FormatBytes(done)} of {PromotionText.FormatBytes(expected)}, {progress.BlobsDone} of {progress.BlobsExpected} blobs, {DescribePace(expected - done, bytesPerSecond)}";
    }

    /// <summary>Speed, and the time that what is left takes at it.</summary>
    internal static string DescribePace(long bytesLeft, double bytesPerSecond)
    {
        var speed = $"{PromotionText.FormatBytes((long)bytesPerSecond)}/s";
        if (bytesPerSecond < 1)
            return speed;
        var left = TimeSpan.FromSeconds(Math.Min(bytesLeft / bytesPerSecond, Longest.TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{speed}, {(int)left.TotalHours:00}:{left:mm\:ss} left");
    }
}

/// <summary>Speed over the last while, so that a pause shows and a burst does not dazzle.</summary>
internal sealed class SpeedMeter(TimeProvider time, long bytes)
{
    private const double Smoothing = 0.3;
    private long _lastTime = time.GetTimestamp();
    private long _lastBytes = bytes;
    private double? _speed;

    public double Measure(long done)
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_lastTime, now).TotalSeconds;
        if (seconds <= 0)
            return _speed ?? 0;

        // A blob that starts again takes its bytes back: that is no negative speed.
        var current = Math.Max(0, done - _lastBytes) / seconds;
        (_lastTime, _lastBytes) = (now, done);
        _speed = _speed is { } before ? before + Smoothing * (current - before) : current;
        return _speed.Value;
    }
}
