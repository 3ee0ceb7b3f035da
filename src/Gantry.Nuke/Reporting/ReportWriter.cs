using System.Text.Json.Nodes;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Reporting;

/// <summary>Writes the report of a target where, and in the format, that the parameters say.</summary>
/// <param name="format">The format; null for the one that the file has, or a table.</param>
/// <param name="file">The file; null to print the report.</param>
internal sealed class ReportWriter(ReportFormat? format, AbsolutePath? file)
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">The report for people.</param>
    /// <param name="document">The same for programs.</param>
    public void Write(TextReport report, JsonNode document) => Write([report], [document]);

    /// <summary>Writes reports of the same kind, one for each image.</summary>
    /// <param name="reports">The reports for people.</param>
    /// <param name="documents">The same for programs, which are the lines of a list where there are several.</param>
    public void Write(IReadOnlyList<TextReport> reports, IReadOnlyList<JsonNode> documents)
    {
        if (file is null)
        {
            Write(BuildOutput.Out, format ?? ReportFormat.Table, reports, documents);
            return;
        }

        Write(BuildOutput.Out, ReportFormat.Table, reports, documents);
        using var text = new StringWriter { NewLine = "\n" };
        Write(
            new TerminalOutput(text, isTerminal: false) { Secrets = BuildOutput.Secrets }, format ?? FormatOf(file), reports, documents);
        file.Parent.CreateDirectory();
        File.WriteAllText(file, text.ToString());
    }

    private static void Write(
        TerminalOutput output, ReportFormat format, IReadOnlyList<TextReport> reports, IReadOnlyList<JsonNode> documents)
    {
        if (format == ReportFormat.Json)
            output.WriteJson(documents.Count == 1 ? documents[0] : new JsonArray([.. documents]));
        else
            foreach (var (report, document) in reports.Zip(documents))
                ReportOutput.Write(output, format, report, document);
    }

    private static ReportFormat FormatOf(AbsolutePath file) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".JSON" => ReportFormat.Json,
        ".MD" => ReportFormat.Markdown,
        _ => ReportFormat.Table,
    };
}
