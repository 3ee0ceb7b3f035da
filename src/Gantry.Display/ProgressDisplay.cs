using Gantry.Copying;

namespace Gantry.Display;

/// <summary>Shows how far a copy is: bars on a terminal, a line every few seconds in a log. What is over sooner shows nothing.</summary>
/// <param name="output">Where to.</param>
/// <param name="time">The clock.</param>
public sealed class ProgressDisplay(TerminalOutput output, TimeProvider time)
{
    /// <summary>How it is shown.</summary>
    public ProgressStyle Style { get; init; } = ProgressStyle.Auto;

    /// <summary>Writes a line, where there are lines: its text, and how much is done, in percent. By default the output gets the text.</summary>
    public Action<string, int>? WriteLine { get; init; }

    /// <summary>Does something that takes a while, and shows how far it is until it is over.</summary>
    public async Task<T> ShowAsync<T>(CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var showing = ShowAsync(progress, done.Token);
        try
        {
            return await work();
        }
        finally
        {
            await done.CancelAsync();
            await showing;
        }
    }

    private Task ShowAsync(CopyProgress progress, CancellationToken cancellationToken) => Style switch
    {
        ProgressStyle.None => Task.CompletedTask,
        ProgressStyle.Bars => ProgressBars.ShowAsync(progress, output.Writer, time, cancellationToken),
        ProgressStyle.Auto when output.IsTerminal => ProgressBars.ShowAsync(progress, output.Writer, time, cancellationToken),
        _ => ProgressLogger.WriteAsync(progress, line => Write(line, progress), time, cancellationToken),
    };

    private void Write(string line, CopyProgress progress)
    {
        if (WriteLine is { } write)
            write(line, (int)(progress.BytesDone * 100 / Math.Max(1, progress.BytesExpected)));
        else
            output.Writer.WriteLine(line);
    }
}
