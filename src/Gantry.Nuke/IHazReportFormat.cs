using Gantry.Formatting;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Reporting;

namespace Gantry.Nuke;

/// <summary>Lets targets report what they have read as a table, as JSON or as Markdown, and to a file.</summary>
public interface IHazReportFormat : INukeBuild
{
    /// <summary>The format of the report; null for a table, or for what the name of the file says.</summary>
    [Parameter("Format of the report: table, json or markdown. Default is the format that the name of --output ends with, or 'table'")]
    ReportFormat? Format => TryGetValue<ReportFormat?>(() => Format);

    /// <summary>The file for the report, relative to the root; without one it is printed.</summary>
    [Parameter("File for the report; .json or .md at its end selects the format. A table is always printed")]
    string? Output => TryGetValue(() => Output).NullIfWhiteSpace();

    /// <summary>Writes the report of a target.</summary>
    internal sealed ReportWriter ReportWriter => new(
        Format, Output is { } path ? (AbsolutePath)Path.GetFullPath(path, RootDirectory) : null);
}
