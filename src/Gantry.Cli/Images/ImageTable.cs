using Gantry.Display;
using Gantry.Formatting;

namespace Gantry.Cli.Images;

/// <summary>Tables with digests: a digest that is broken over lines cannot be copied.</summary>
internal static class ImageTable
{
    private const int WidthBetween = 3;

    /// <summary>
    /// Returns true when a terminal has no room for a table with whole lines, so that digests are below the names instead.
    /// </summary>
    public static bool IsNarrow(TerminalOutput output, ReportFormat format, TextReport report) =>
        format == ReportFormat.Table && output.Columns is { } columns
        && report.Parts.OfType<ReportTable>().Any(table => WidthOf(table) > columns);

    private static int WidthOf(ReportTable table) => Enumerable.Range(0, table.Columns.Count)
        .Select(column => table.Rows.SelectMany(row => row[column].Lines).Select(line => line.Length).DefaultIfEmpty(0).Max())
        .Where(width => width > 0)
        .Sum(width => width + WidthBetween);
}
