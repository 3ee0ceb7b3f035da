using System.Collections.Concurrent;
using Gantry.Copying;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gantry.Display;

/// <summary>Shows a bar for the total and one for each active blob.</summary>
internal static class ProgressBars
{
    private const int MostBars = 12;
    private const int LinesBeside = 4;
    private const int LeastHeight = LinesBeside + 1;
    private const int UsualHeight = 24;

    // What is beside the bar, in characters: the description, the bytes, the speed and the time left, and the spaces between them.
    private const int WidthOfTexts = 64;
    private const int WidthOfTime = 15;
    private const int ShortestBar = 8;
    private const int LongestBar = 40;
    private const int Narrow = WidthOfTexts + ShortestBar;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(120);

    /// <param name="progress">The progress.</param>
    /// <param name="output">The terminal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="showing">Called with what writes a line above the bars, and with null when they are gone.</param>
    /// <param name="cancellationToken">Ends the display.</param>
    /// <returns>True when bars were shown.</returns>
    public static async Task<bool> ShowAsync(
        CopyProgress progress, TerminalOutput output, TimeProvider time, Action<Action<string>?> showing,
        CancellationToken cancellationToken)
    {
        try
        {
            // Very short copies would make the bars flicker.
            await Task.Delay(Delay, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        // A terminal with a given width is not that of this process, which could be asked what it can do.
        var isOther = output is { IsTerminal: true, Width: not null };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output.Writer),
            Ansi = isOther ? AnsiSupport.Yes : AnsiSupport.Detect,
            Interactive = isOther ? InteractionSupport.Yes : InteractionSupport.Detect,
        });
        if (output.Width is { } given)
            console.Profile.Width = given;

        // Asked once: the display reads the height several times a frame, and its thread does not survive two answers, or a terminal that
        // says it has no lines.
        console.Profile.Height = Math.Max(LeastHeight, isOther ? UsualHeight : console.Profile.Height);
        if (output.IsAscii)
            console.Profile.Capabilities.Unicode = false;
        var isNarrow = console.Profile.Width < Narrow;

        // Leaves room for the line of the total and for the shell: a display that is taller than its terminal scrolls away.
        var most = Math.Min(console.Profile.Height - LinesBeside, MostBars);
        var paces = new PaceColumn { HasTimeLeft = !isNarrow };
        var texts = isNarrow ? WidthOfTexts - WidthOfTime : WidthOfTexts;
        var bar = new BarColumn(Math.Clamp(console.Profile.Width - texts, ShortestBar, LongestBar), output.IsAscii);
        showing(line => console.WriteLine(line));
        await console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, bar, new BytesColumn(), paces)
            .StartAsync(display => FollowAsync(
                display, paces, progress, most, transfer => Describe(transfer, output, console.Profile.Width), time, cancellationToken));
        showing(null);
        return true;
    }

    private static async Task FollowAsync(
        ProgressContext display, PaceColumn paces, CopyProgress progress, int most, Func<BlobTransfer, string> describe,
        TimeProvider time, CancellationToken cancellationToken)
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

                foreach (var news in active
                    .Where(transfer => transfer.BytesDone > 0 && !bars.ContainsKey(transfer))
                    .Take(most - bars.Count)
                    .ToList())
                {
                    var task = display.AddTask(Markup.Escape(describe(news)), maxValue: Math.Max(1, news.Blob.Size));
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

    // With the target where a wide terminal has room for it.
    private static string Describe(BlobTransfer transfer, TerminalOutput output, int width)
    {
        var room = width - WidthOfTexts - LongestBar - 1;
        var target = DisplayText.Neutralize(transfer.Target);
        return room < ShortestBar ? transfer.Blob.Digest.Short
            : target.Length <= room ? $"{transfer.Blob.Digest.Short} {target}"
            : output.Spell($"{transfer.Blob.Digest.Short} …{target[^(room - 3)..]}");
    }

    private sealed class Bar(ProgressTask task, PaceColumn paces, TimeProvider time, long bytes)
    {
        private readonly SpeedMeter _speed = new(time, bytes);

        public ProgressTask Task => task;

        public void Show(long done, long expected)
        {
            task.MaxValue = Math.Max(1, expected);
            task.Value = done;
            paces.Note(task, paces.HasTimeLeft ? _speed.Describe(done, expected) : $"{Format.Bytes((long)_speed.Measure(done))}/s");
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

        public bool HasTimeLeft { get; init; }

        protected override bool NoWrap => true;

        public void Note(ProgressTask task, string pace) => _paces[task.Id] = pace;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(_paces.GetValueOrDefault(task.Id, ""), Color.Blue);
    }

    /// <summary>Shows how much is done, without colours as well: the two parts have different signs.</summary>
    private sealed class BarColumn(int width, bool isAscii) : ProgressColumn
    {
        private readonly char _done = isAscii ? '#' : '━';
        private readonly char _rest = isAscii ? '-' : '─';

        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var done = (int)Math.Clamp(width * task.Value / Math.Max(1, task.MaxValue), 0, width);
            return new Paragraph()
                .Append(new string(_done, done), new Style(Color.Green))
                .Append(new string(_rest, width - done), new Style(Color.Grey));
        }
    }

    /// <summary>Shows the bytes in the units of all other lines: <c>12 / 41.2 MiB</c>.</summary>
    private sealed class BytesColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var (done, all) = (Format.Bytes((long)task.Value).Split(' '), Format.Bytes((long)task.MaxValue).Split(' '));
            var first = done[1] == all[1] ? done[0] : string.Join(' ', done);
            return new Text($"{first}/{string.Join(' ', all)}").Justify(Justify.Right);
        }
    }
}
