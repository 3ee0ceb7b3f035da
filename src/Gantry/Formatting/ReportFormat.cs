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
}
