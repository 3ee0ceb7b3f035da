using Gantry.Copying;

namespace Gantry.Display;

/// <summary>Shows the progress of a copy: bars on a terminal, a line every few seconds in a log. Very short copies show nothing.</summary>
/// <param name="output">The output to write to.</param>
/// <param name="time">The clock.</param>
public sealed class ProgressDisplay(TerminalOutput output, TimeProvider time)
{
    private volatile Action<string>? _writeAboveBars;

    /// <summary>The way to show progress.</summary>
    public ProgressStyle Style { get; init; } = ProgressStyle.Auto;

    /// <summary>
    /// Receives each line of progress, with its text and the percentage that is done. By default the text is written to the output.
    /// </summary>
    public Action<string, int>? WriteLine { get; init; }

    /// <summary>Writes a line beside the progress: above the bars, if there are any.</summary>
    public void WriteNotice(string line)
    {
        if (_writeAboveBars is { } write)
            write(output.Spell(((DisplayText)line).ToString(output.Secrets)));
        else
            output.WriteLine(line);
    }

    /// <summary>
    /// Runs work and shows its progress until it ends. What was shown leaves one line behind: blobs, bytes, time and rate.
    /// </summary>
    public async Task<T> ShowAsync<T>(CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var showing = ShowAsync(progress, done.Token);
        try
        {
            return await work();
        }
        finally
        {
            await done.CancelAsync();
            if (await showing && progress.BlobsDone > 0)
                Write(ProgressFormatter.Describe(progress, time.GetElapsedTime(started)), progress);
        }
    }

    /// <summary>Describes how far each target of a copy is, one line each; empty when nothing has begun.</summary>
    /// <param name="progress">The progress; null when there is none.</param>
    public static IReadOnlyList<DisplayText> DescribeTargets(CopyProgress? progress) =>
        [.. (progress?.Targets ?? []).Select(ProgressFormatter.Describe)];

    // Returns true when something was shown.
    private Task<bool> ShowAsync(CopyProgress progress, CancellationToken cancellationToken) => Style switch
    {
        ProgressStyle.None => Task.FromResult(false),
        ProgressStyle.Bars => ProgressBars.ShowAsync(progress, output, time, write => _writeAboveBars = write, cancellationToken),
        ProgressStyle.Auto when output.IsTerminal =>
            ProgressBars.ShowAsync(progress, output, time, write => _writeAboveBars = write, cancellationToken),
        _ => LogAsync(progress, cancellationToken),
    };

    private async Task<bool> LogAsync(CopyProgress progress, CancellationToken cancellationToken)
    {
        var isShown = false;
        await ProgressLogger.WriteAsync(
            progress,
            line =>
            {
                isShown = true;
                Write(line, progress);
            },
            time,
            cancellationToken);
        return isShown;
    }

    private void Write(string line, CopyProgress progress)
    {
        if (WriteLine is { } write)
            write(line, (int)(progress.BytesDone * 100 / Math.Max(1, progress.BytesExpected)));
        else
            output.WriteLine(line);
    }
}
