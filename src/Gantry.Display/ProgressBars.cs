using System.Collections.Concurrent;
using Gantry.Copying;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gantry.Display;

/// <summary>Shows a bar for the total and one for each active blob.</summary>
internal static class ProgressBars
{
    private const int MostBars = 12;
    private const int LongestTarget = 28;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(120);

    /// <param name="progress">The progress.</param>
    /// <param name="writer">The terminal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="showing">Called with what writes a line above the bars, and with null when they are gone.</param>
    /// <param name="cancellationToken">Ends the display.</param>
    public static async Task ShowAsync(
        CopyProgress progress, TextWriter writer, TimeProvider time, Action<Action<string>?> showing, CancellationToken cancellationToken)
    {
        try
        {
            // Very short copies would make the bars flicker.
            await Task.Delay(Delay, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

        // Leaves room for the line of the total and for the shell: a display that is taller than its terminal scrolls away.
        var most = Math.Clamp(console.Profile.Height - 4, 1, MostBars);
        var paces = new PaceColumn();
        showing(line => console.WriteLine(line));
        await console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new DownloadedColumn(), paces)
            .StartAsync(display => FollowAsync(display, paces, progress, most, time, cancellationToken));
        showing(null);
    }

    private static async Task FollowAsync(
        ProgressContext display, PaceColumn paces, CopyProgress progress, int most, TimeProvider time, CancellationToken cancellationToken)
    {
        var whole = new Bar(display.AddTask("total", maxValue: 1), paces, time, progress.BytesDone);
        var bars = new Dictionary<BlobTransfer, Bar>();
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                var active = progress.Active;
                foreach (var over in bars.Keys.Except(active).ToList())
                {
                    bars[over].End();
                    bars.Remove(over);
                }

                var several = active.Select(transfer => transfer.Target).Distinct().Skip(1).Any();
                foreach (var news in active
                    .Where(transfer => transfer.BytesDone > 0 && !bars.ContainsKey(transfer))
                    .Take(most - bars.Count)
                    .ToList())
                {
                    var description = DisplayText.Neutralize(Describe(news, several));
                    var task = display.AddTask(Markup.Escape(description), maxValue: Math.Max(1, news.Blob.Size));
                    bars[news] = new Bar(task, paces, time, news.BytesDone);
                }

                foreach (var (transfer, bar) in bars)
                    bar.Show(transfer.BytesDone, transfer.Blob.Size);
                whole.Show(progress.BytesDone, progress.BytesExpected);
                whole.Task.Description = $"{progress.BlobsDone} of {Format.Count(progress.BlobsExpected, "blob")}";
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The normal end.
        }
    }

    private static string Describe(BlobTransfer transfer, bool several) =>
        !several ? transfer.Blob.Digest.Short
        : transfer.Target.Length <= LongestTarget ? $"{transfer.Blob.Digest.Short} {transfer.Target}"
        : $"{transfer.Blob.Digest.Short} {transfer.Target[..(LongestTarget - 1)]}…";

    private sealed class Bar(ProgressTask task, PaceColumn paces, TimeProvider time, long bytes)
    {
        private readonly SpeedMeter _speed = new(time, bytes);

        public ProgressTask Task => task;

        public void Show(long done, long expected)
        {
            task.MaxValue = Math.Max(1, expected);
            task.Value = done;
            paces.Note(task, _speed.Describe(done, expected));
        }

        public void End()
        {
            task.StopTask();
            task.Value = task.MaxValue;
        }
    }

    /// <summary>Shows speed and time left. The display's own columns take the first bytes of a bar as transferred in no time.</summary>
    private sealed class PaceColumn : ProgressColumn
    {
        private readonly ConcurrentDictionary<int, string> _paces = new();

        protected override bool NoWrap => true;

        public void Note(ProgressTask task, string pace) => _paces[task.Id] = pace;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(_paces.GetValueOrDefault(task.Id, ""), Color.Blue);
    }
}
