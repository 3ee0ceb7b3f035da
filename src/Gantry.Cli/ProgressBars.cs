using Gantry.Copying;
using Spectre.Console;

namespace Gantry.Cli;

/// <summary>A bar for the whole and one for each blob that moves.</summary>
internal static class ProgressBars
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(120);

    public static async Task ShowAsync(CopyProgress progress, CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            // What is over at once flickers otherwise.
            await Task.Delay(Delay, context.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        await console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(display => FollowAsync(display, progress, context, cancellationToken));
    }

    private static async Task FollowAsync(ProgressContext display, CopyProgress progress, CommandContext context, CancellationToken cancellationToken)
    {
        var whole = display.AddTask("total", maxValue: 1);
        var bars = new Dictionary<BlobTransfer, ProgressTask>();
        using var timer = new PeriodicTimer(Interval, context.Time);
        try
        {
            do
            {
                var active = progress.Active;
                foreach (var over in bars.Keys.Except(active).ToList())
                {
                    bars[over].StopTask();
                    bars[over].Value = bars[over].MaxValue;
                    bars.Remove(over);
                }

                foreach (var transfer in active.Where(transfer => transfer.BytesDone > 0))
                {
                    if (!bars.TryGetValue(transfer, out var bar))
                        bars[transfer] = bar = display.AddTask(transfer.Blob.Digest.Short, maxValue: Math.Max(1, transfer.Blob.Size));
                    bar.Value = transfer.BytesDone;
                }

                whole.MaxValue = Math.Max(1, progress.BytesExpected);
                whole.Value = progress.BytesDone;
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }
}
