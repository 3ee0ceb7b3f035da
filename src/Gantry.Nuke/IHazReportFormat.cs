using Gantry.Formatting;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Reporting;

namespace Gantry.Nuke;

/// <summary>Lets targets report what they have read as a table, as JSON, as Markdown or as checks, and to a file.</summary>
public interface IHazReportFormat : INukeBuild
{
    /// <summary>The format of the report; null for a table, or for what the name of the file says.</summary>
    [Parameter("Format of the report: table, json or markdown; junit or sarif for its checks, if it has any. Default is the format that "
        + "the name of --output ends with, or 'table'")]
    ReportFormat? Format => TryGetValue<ReportFormat?>(() => Format);

    /// <summary>The file for the report, relative to the root; without one it is printed.</summary>
    [Parameter("File for the report; .json, .md, .xml (junit) or .sarif at its end selects the format. A table is always printed")]
    string? Output => TryGetValue(() => Output).NullIfWhiteSpace();

    /// <summary>Writes the report of a target.</summary>
    internal sealed ReportWriter ReportWriter => new ReportWriter(Format, OutputFile).EnsurePossible();

    /// <summary>Writes the report of a target that has checks.</summary>
    internal sealed ReportWriter CheckWriter => new(Format, OutputFile, hasChecks: true);

    private AbsolutePath? OutputFile => Output is { } path ? (AbsolutePath)Path.GetFullPath(path, RootDirectory) : null;
}
