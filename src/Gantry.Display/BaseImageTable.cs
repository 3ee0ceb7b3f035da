using Spectre.Console;

namespace Gantry.Display;

/// <summary>Writes a table of base images and the releases that stand on them.</summary>
public static class BaseImageTable
{
    // Logs have no width; this is wide enough to keep every column on one line.
    private const int WidthOfLogs = 180;

    /// <summary>Writes the table.</summary>
    /// <param name="output">The output to write to.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="rows">The rows.</param>
    public static void Write(TerminalOutput output, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output.Writer),
            Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = output.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!output.IsTerminal)
            console.Profile.Width = WidthOfLogs;

        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(DisplayText.FromString(cell).ToString(output.Secrets))));
        console.Write(table);
    }
}
