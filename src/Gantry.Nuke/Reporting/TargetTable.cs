using System.Globalization;

namespace Gantry.Nuke.Reporting;

/// <summary>
/// The targets of a run with their status and time, in plain characters that every terminal has. What a target says about itself is beside
/// its row, or below it where the row would be wider than the terminal.
/// </summary>
internal static class TargetTable
{
    private const string Gap = "  ";

    /// <summary>Returns the lines of the table.</summary>
    /// <param name="rows">The targets, in the order of the plan.</param>
    /// <param name="width">The width of the terminal, or of a line in a log.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<TargetRow> rows, int width)
    {
        var name = Math.Max("Target".Length, rows.Max(row => row.Name.Length));
        var status = Math.Max("Status".Length, rows.Max(row => row.Status.Length));
        var total = TimeOf(rows.Aggregate(TimeSpan.Zero, (sum, row) => sum + row.Duration));
        var time = rows.Select(row => TimeOf(row.Duration).Length).Append("Time".Length).Append(total.Length).Max();
        var line = new string('-', name + status + time + (2 * Gap.Length));

        yield return Row("Target", "Status", "Time");
        yield return line;
        foreach (var row in rows)
        {
            var text = Row(row.Name, row.Status, row.HasRun ? TimeOf(row.Duration) : "");
            if (row.Remark is not { } remark)
                yield return text.TrimEnd();
            else if (line.Length + Gap.Length + remark.Length <= width)
                yield return text + Gap + remark;
            else
            {
                yield return text.TrimEnd();
                foreach (var part in Wrap(remark, width - (2 * Gap.Length)))
                    yield return Gap + Gap + part;
            }
        }

        yield return line;
        yield return Row("Total", "", total);

        string Row(string target, string state, string duration) =>
            target.PadRight(name) + Gap + state.PadRight(status) + Gap + duration.PadLeft(time);
    }

    private static string TimeOf(TimeSpan duration) => duration < TimeSpan.FromSeconds(1)
        ? "< 1 s"
        : string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes}:{duration:ss}");

    // A word that is longer than a line, such as a digest, stays whole: it can be copied.
    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
                line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}

/// <summary>A row of the table.</summary>
/// <param name="Name">The target.</param>
/// <param name="Status">Its status.</param>
/// <param name="Duration">The time that it took.</param>
/// <param name="Remark">What it says about itself; null for nothing.</param>
internal sealed record TargetRow(string Name, string Status, TimeSpan Duration, string? Remark)
{
    /// <summary>True for a target that was started.</summary>
    public bool HasRun => Status is not ("Skipped" or "NotRun");
}
