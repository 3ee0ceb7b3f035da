namespace Gantry.Copying;

/// <summary>Tells in lines how far a copy is: for a log, where bars cannot be.</summary>
public static class ProgressLogger
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Writes a line every five seconds until cancelled, which is how it ends; a copy that is over sooner writes none.</summary>
    /// <param name="progress">What the copy tells.</param>
    /// <param name="write">Writes a line: bytes and blobs of how many, speed, time left.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it, without an exception.</param>
    public static async Task WriteAsync(CopyProgress progress, Action<string> write, TimeProvider time, CancellationToken cancellationToken)
    {
        var speed = new SpeedMeter(time, progress.BytesDone);
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (progress.BlobsExpected > 0)
                    write(Describe(progress, speed));
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    private static string Describe(CopyProgress progress, SpeedMeter speed)
    {
        var (done, expected) = (progress.BytesDone, progress.BytesExpected);
        return $"{Format.Bytes(done)} of {Format.Bytes(expected)}, {progress.BlobsDone} of {progress.BlobsExpected} blobs, {speed.Describe(done, expected)}";
    }
}
