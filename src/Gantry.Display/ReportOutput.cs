using System.Text;
using System.Text.Json.Nodes;
using Gantry.Checks;
using Gantry.Formatting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gantry.Display;

/// <summary>Writes reports to a terminal or a log, in the format that was asked for.</summary>
public static class ReportOutput
{
    // Logs have no width; this keeps the columns of a table on one line, so that a line of a pipe is a row.
    private const int WidthOfLogs = 10_000;

    // Of a column whose words wrap, and of a word that is not broken.
    private const int WrappedWidth = 17;
    private const int LongestWord = 24;

    private const int WidthBetween = 3;

    /// <summary>Writes a report in a format.</summary>
    /// <param name="output">The output to write to.</param>
    /// <param name="format">The format.</param>
    /// <param name="report">The report for people.</param>
    /// <param name="document">The same for programs.</param>
    public static void Write(TerminalOutput output, ReportFormat format, TextReport report, JsonNode document) =>
        Write(output, format, report, document, checks: null);

    /// <summary>Writes a report that has checks in a format.</summary>
    /// <param name="output">The output to write to.</param>
    /// <param name="format">The format.</param>
    /// <param name="report">The report for people.</param>
    /// <param name="document">The same for programs.</param>
    /// <param name="checks">Its checks; null when it has none, and throws <c>GAN4160</c> for a format that needs them.</param>
    public static void Write(TerminalOutput output, ReportFormat format, TextReport report, JsonNode document, CheckReport? checks)
    {
        switch (format)
        {
            case ReportFormat.JUnit or ReportFormat.Sarif when checks is not null:
                WriteChecks(output, format, checks);
                break;
            case ReportFormat.JUnit or ReportFormat.Sarif:
                format.EnsureNoChecks();
                break;
            case ReportFormat.Json:
                output.WriteJson(document);
                break;
            case ReportFormat.Markdown:
                // Its texts are escaped one by one; in a line, the signs of a heading would be those of a command.
                var markdown = ReportMarkdown.Write(report);
                output.WriteStored(Encoding.UTF8.GetBytes(output.Secrets?.Apply(markdown) ?? markdown));
                break;
            default:
                Write(output, report);
                break;
        }
    }

    /// <summary>Writes checks as JUnit XML or SARIF.</summary>
    /// <param name="output">The output to write to.</param>
    /// <param name="format">The format.</param>
    /// <param name="checks">The checks.</param>
    public static void WriteChecks(TerminalOutput output, ReportFormat format, CheckReport checks)
    {
        if (format == ReportFormat.Sarif)
        {
            output.WriteJson(SarifLog.Write(checks));
            return;
        }

        // Its texts are neutralized one by one: in XML, other signs stand for those of markup.
        var tests = JUnitReport.Write(checks, text => DisplayText.FromString(text).ToString(output.Secrets));
        output.WriteStored(Encoding.UTF8.GetBytes(tests));
    }

    /// <summary>Writes a report as tables and lines.</summary>
    /// <param name="output">The output to write to.</param>
    /// <param name="report">The report.</param>
    public static void Write(TerminalOutput output, TextReport report)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output.IsTerminal ? output.Writer : new TrimmedWriter(output.Writer)),
            Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = output.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (output.Width is { } width)
            console.Profile.Width = width;
        else if (!output.IsTerminal)
            console.Profile.Width = WidthOfLogs;
        foreach (var part in report.Parts)
            Write(output, console, part);
    }

    private static void Write(TerminalOutput output, IAnsiConsole console, ReportPart part)
    {
        switch (part)
        {
            case ReportHeading heading:
                Line(console, string.Join(' ', Show(heading.Text, output.Secrets)), new Style(decoration: Decoration.Bold));
                break;
            case ReportTable { Rows.Count: > 0 } table:
                Write(console, table, output.Secrets);
                break;
            case ReportList list:
                foreach (var item in list.Items)
                {
                    Write(output, console, item.Text, indent: "");
                    foreach (var detail in item.Details)
                        Write(output, console, detail, indent: "    ");
                }

                break;
            default:
                break;
        }
    }

    private static void Write(IAnsiConsole console, ReportTable table, SecretMask? secrets)
    {
        var shown = Fit(table, console.Profile.Width);
        if (shown.Sum(column => LongestWordOf(table, column) + WidthBetween) > console.Profile.Width)
        {
            WriteRecords(console, table, secrets);
            return;
        }

        var grid = new Table { Border = PlainBorder.Instance };
        foreach (var column in shown)
            grid.AddColumn(new TableColumn(new Text(table.Columns[column].Title, new Style(decoration: Decoration.Bold))));
        foreach (var row in table.Rows)
            grid.AddRow(shown.Select(column => new Text(string.Join('\n', Show(row[column], secrets)), StyleOf(row[column].Tone))));
        console.Write(grid);
        var hidden = table.Columns.Where((_, column) => !shown.Contains(column) && !IsEmpty(table, column)).Select(column => column.Title);
        if (hidden.ToList() is { Count: > 0 } titles)
            Line(console, $"no room for: {string.Join(", ", titles)}", StyleOf(ReportTone.Faint));
    }

    // Where a table would break words, each row is a list of its values, and no column is left out.
    private static void WriteRecords(IAnsiConsole console, ReportTable table, SecretMask? secrets)
    {
        var title = table.Columns.Max(column => column.Title.Length);
        foreach (var row in table.Rows)
        {
            Line(console, "", Style.Plain);
            foreach (var (column, cell) in table.Columns.Zip(row).Where(pair => pair.Second.Lines.Any(line => line.Length > 0)))
            {
                var value = string.Join(' ', Show(cell, secrets));
                Line(console, Wrap($"{column.Title.PadRight(title)}  {value}", console.Profile.Width), StyleOf(cell.Tone));
            }
        }

        Line(console, "", Style.Plain);
    }

    // A column can be narrower than its texts, which wrap between words.
    private static List<int> Fit(ReportTable table, int width)
    {
        var shown = Enumerable.Range(0, table.Columns.Count)
            .Where(column => table.Columns[column].Rank == 0 || !IsEmpty(table, column))
            .ToList();
        while (shown.Sum(column => WidthOf(table, column) + WidthBetween) > width
            && shown.MaxBy(column => table.Columns[column].Rank) is var least && table.Columns[least].Rank > 0)
            shown.Remove(least);
        return shown;
    }

    private static bool IsEmpty(ReportTable table, int column) =>
        table.Rows.All(row => row[column].Lines.All(line => line.Length == 0));

    private static int LongestWordOf(ReportTable table, int column) => table.Rows
        .SelectMany(row => row[column].Lines)
        .Append(table.Columns[column].Title)
        .Max(line => line.Split(' ').Max(word => word.Length));

    private static int WidthOf(ReportTable table, int column)
    {
        var lines = table.Rows.SelectMany(row => row[column].Lines).Append(table.Columns[column].Title).ToList();
        return Math.Max(
            Math.Min(LongestWord, lines.SelectMany(line => line.Split(' ')).Max(word => word.Length)),
            Math.Min(WrappedWidth, lines.Max(line => line.Length)));
    }

    // A line of a log stays one line. So does what is copied: where it is longer than the terminal is wide, that continues it.
    private static void Write(TerminalOutput output, IAnsiConsole console, ReportText text, string indent)
    {
        foreach (var line in Show(text, output.Secrets))
        {
            if (text.IsCode || output is { IsTerminal: false, Width: null })
                output.WriteLine(DisplayText.FromString(indent + line));
            else
                Line(console, Wrap(indent + line, console.Profile.Width), StyleOf(text.Tone));
        }
    }

    // What continues a line is indented, so that nothing in a text can begin one.
    private static string Wrap(string line, int width)
    {
        const string Continuation = "  ";
        var text = new StringBuilder();
        var (column, isFirst) = (0, true);
        foreach (var word in line.Split(' '))
        {
            if (!isFirst && column + 1 + word.Length > width)
            {
                text.Append('\n').Append(Continuation);
                column = Continuation.Length;
            }
            else if (!isFirst)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            (column, isFirst) = (column + word.Length, false);
        }

        return text.ToString();
    }

    private static void Line(IAnsiConsole console, string text, Style style) => console.Write(new Text(text + "\n", style));

    // Anyone with write access to a registry can put any text into a record.
    private static IEnumerable<string> Show(ReportText text, SecretMask? secrets) =>
        text.Lines.Select(line => DisplayText.FromString(line).ToString(secrets));

    private static Style StyleOf(ReportTone tone) => tone switch
    {
        ReportTone.Good => new Style(Color.Green),
        ReportTone.Warning => new Style(Color.Yellow),
        ReportTone.Bad => new Style(Color.Red),
        ReportTone.Faint => new Style(Color.Grey),
        _ => Style.Plain,
    };

    /// <summary>A line below the titles, of a character that every font and encoding has.</summary>
    private sealed class PlainBorder : TableBorder
    {
        public static PlainBorder Instance { get; } = new();

        public override string GetPart(TableBorderPart part) => part switch
        {
            TableBorderPart.HeaderBottomLeft or TableBorderPart.HeaderBottom or TableBorderPart.HeaderBottomSeparator
                or TableBorderPart.HeaderBottomRight => "-",
            _ => " ",
        };
    }
}
