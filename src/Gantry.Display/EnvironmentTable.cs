using Gantry.Formatting;
using Gantry.Promotion;
using Spectre.Console;

namespace Gantry.Display;

/// <summary>Writes a table of the environments and their releases.</summary>
public static class EnvironmentTable
{
    // Logs have no width; this is wide enough to keep every column on one line.
    private const int WidthOfLogs = 180;

    private const int ImageColumn = 5;

    /// <summary>Writes the table and, below it, the problems of the environments and notes about them.</summary>
    /// <param name="output">The output to write to.</param>
    /// <param name="environments">The environments, in order.</param>
    /// <param name="now">The present time.</param>
    public static void Write(TerminalOutput output, IReadOnlyList<EnvironmentStatus> environments, DateTimeOffset now)
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
        foreach (var column in EnvironmentStatusFormatter.Columns)
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        foreach (var environment in environments)
            table.AddRow(
                EnvironmentStatusFormatter.Row(environment, now)
                    .Select((cell, column) => new Text(Show(cell, column), StyleOf(environment, column))));
        console.Write(table);
        foreach (var problem in EnvironmentStatusFormatter.Problems(environments))
            console.Write(new Text(Show(problem) + "\n", new Style(Color.Red)));
        foreach (var note in environments.SelectMany(EnvironmentStatusFormatter.Notes))
            console.Write(new Text(Show(note) + "\n", new Style(Color.Yellow)));

        // Anyone with write access to a registry can put any text into a record. The images of an environment are lines of one cell.
        string Show(string text, int column = 0) => column == ImageColumn
            ? string.Join('\n', text.Split('\n').Select(line => Show(line)))
            : DisplayText.FromString(text).ToString(output.Secrets);
    }

    private static Style StyleOf(EnvironmentStatus environment, int column) => (column, environment) switch
    {
        (1 or ImageColumn, { Problems.Count: > 0 }) => new Style(Color.Red),
        (1, { Release: { Since: not null, Superseded: null } }) => new Style(Color.Green),
        (1, { Release: not null }) => new Style(Color.Yellow),
        (ImageColumn, _) => new Style(Color.Grey),
        _ => Style.Plain,
    };
}
