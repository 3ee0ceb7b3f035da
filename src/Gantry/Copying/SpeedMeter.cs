using System.Globalization;

namespace Gantry.Copying;

/// <summary>Measures the speed over a short window, so that pauses show and bursts are smoothed.</summary>
/// <param name="time">The clock.</param>
/// <param name="bytes">The number of bytes at the beginning, which do not count for the speed.</param>
public sealed class SpeedMeter(TimeProvider time, long bytes)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(99);
    private long _lastTime = time.GetTimestamp();
    private long _lastBytes = bytes;
    private double _elapsed;
    private double _speed;

    /// <summary>Returns the speed in bytes per second, given the number of bytes done so far.</summary>
    public double Measure(long done)
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_lastTime, now).TotalSeconds;
        if (seconds <= 0)
            return _speed;

        // A blob that starts again reduces the count: that is not a negative speed.
        var current = Math.Max(0, done - _lastBytes) / seconds;
        (_lastTime, _lastBytes) = (now, done);
        _elapsed += seconds;

        // At first the average since the beginning, later that of the window, however often it is measured.
        var weight = Math.Max(1 - Math.Exp(-seconds / Window.TotalSeconds), seconds / _elapsed);
        _speed += weight * (current - _speed);
        return _speed;
    }

    /// <summary>Measures the speed and formats it: <c>12.1 MiB/s, 00:01:40 left</c>.</summary>
    public string Describe(long done, long expected)
    {
        var bytesPerSecond = Measure(done);
        var speed = $"{Format.Bytes((long)bytesPerSecond)}/s";
        if (bytesPerSecond < 1)
            return speed;
        var left = TimeSpan.FromSeconds(Math.Min((expected - done) / bytesPerSecond, Longest.TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{speed}, {(int)left.TotalHours:00}:{left:mm\\:ss} left");
    }
}
