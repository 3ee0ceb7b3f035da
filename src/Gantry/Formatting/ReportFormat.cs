namespace Gantry.Formatting;

/// <summary>The formats of reports.</summary>
public enum ReportFormat
{
    /// <summary>A table and lines for people.</summary>
    Table,

    /// <summary>A JSON document for programs, whose schema is in docs/schemas.</summary>
    Json,

    /// <summary>Markdown, for summaries, wikis and issues.</summary>
    Markdown,

    /// <summary>
    /// JUnit XML of the checks in a report, for what shows results of tests. Only plans, verifications and drift have checks.
    /// </summary>
    JUnit,

    /// <summary>SARIF 2.1.0 of the checks in a report, for what shows results of analyses.</summary>
    Sarif,
}
