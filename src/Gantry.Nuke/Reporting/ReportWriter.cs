using System.Text.Json.Nodes;
using Gantry.Checks;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Reporting;

/// <summary>Writes the report of a target where, and in the format, that the parameters say.</summary>
/// <param name="format">The format; null for the one that the file has, or a table.</param>
/// <param name="file">The file; null to print the report.</param>
/// <param name="hasChecks">True when the report has checks, which some formats show.</param>
internal sealed class ReportWriter(ReportFormat? format, AbsolutePath? file, bool hasChecks = false)
{
    /// <summary>True when the parameters ask for a report beside the log.</summary>
    public bool IsAsked => format is not null || file is not null;

    /// <summary>Throws <c>GAN4160</c> when the format shows checks, and the report has none.</summary>
    public ReportWriter EnsurePossible()
    {
        if (!hasChecks)
            (format ?? (file is null ? ReportFormat.Table : FormatOf(file))).EnsureNoChecks();
        return this;
    }

    /// <summary>Writes a report.</summary>
    /// <param name="report">The report for people.</param>
    /// <param name="document">The same for programs.</param>
    public void Write(TextReport report, JsonNode document) => Write([report], [document]);

    /// <summary>Writes a report with checks.</summary>
    /// <param name="report">The report for people.</param>
    /// <param name="document">The same for programs.</param>
    /// <param name="checks">Its checks.</param>
    public void Write(TextReport report, JsonNode document, CheckReport checks) => Write([report], [document], checks);

    /// <summary>Writes reports of the same kind, one for each image.</summary>
    /// <param name="reports">The reports for people.</param>
    /// <param name="documents">The same for programs, which are the lines of a list where there are several.</param>
    /// <param name="checks">The checks of all of them; null when they have none.</param>
    public void Write(IReadOnlyList<TextReport> reports, IReadOnlyList<JsonNode> documents, CheckReport? checks = null)
    {
        if (file is null)
        {
            Write(BuildOutput.Out, format ?? ReportFormat.Table, reports, documents, checks);
            return;
        }

        Write(BuildOutput.Out, ReportFormat.Table, reports, documents, checks);
        using var text = new StringWriter { NewLine = "\n" };
        Write(
            new TerminalOutput(text, isTerminal: false) { Secrets = BuildOutput.Secrets }, format ?? FormatOf(file), reports, documents,
            checks);
        file.Parent.CreateDirectory();
        File.WriteAllText(file, text.ToString());
    }

    private static void Write(
        TerminalOutput output, ReportFormat format, IReadOnlyList<TextReport> reports, IReadOnlyList<JsonNode> documents,
        CheckReport? checks)
    {
        if (format.NeedsChecks() && checks is not null)
            ReportOutput.WriteChecks(output, format, checks);
        else if (format == ReportFormat.Json)
            output.WriteJson(documents.Count == 1 ? documents[0] : new JsonArray([.. documents]));
        else
            foreach (var (report, document) in reports.Zip(documents))
                ReportOutput.Write(output, format, report, document);
    }

    private static ReportFormat FormatOf(AbsolutePath file) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".JSON" => ReportFormat.Json,
        ".MD" => ReportFormat.Markdown,
        ".XML" => ReportFormat.JUnit,
        ".SARIF" => ReportFormat.Sarif,
        _ => ReportFormat.Table,
    };
}
