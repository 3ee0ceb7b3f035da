namespace Gantry.Copying;

/// <summary>Reports the progress of a copy as lines of a log, where progress bars are not possible.</summary>
public static class ProgressLogger
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Writes a line every five seconds until it is cancelled, which is the normal end; a copy that ends sooner writes none.
    /// </summary>
    /// <param name="progress">The progress to report.</param>
    /// <param name="write">Writes a line: bytes and blobs with their totals, speed, time left.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the reporting without an exception.</param>
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
            // The normal end.
        }
    }

    private static string Describe(CopyProgress progress, SpeedMeter speed)
    {
        var (done, expected) = (progress.BytesDone, progress.BytesExpected);
        return $"{Format.Bytes(done)} of {Format.Bytes(expected)}, {progress.BlobsDone} of {Format.Count(progress.BlobsExpected, "blob")}, "
            + $"{speed.Describe(done, expected)}";
    }
}
