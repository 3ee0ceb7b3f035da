namespace Gantry.Formatting;

/// <summary>Writes reports as Markdown.</summary>
public static class ReportMarkdown
{
    /// <summary>Returns a report as Markdown. Every text in it is escaped.</summary>
    /// <param name="report">The report.</param>
    public static string Write(TextReport report)
    {
        var markdown = new Markdown().Heading(report.Title);
        foreach (var part in report.Parts)
            Add(markdown, part);
        return markdown.ToString();
    }

    private static void Add(Markdown markdown, ReportPart part)
    {
        switch (part)
        {
            case ReportHeading heading:
                markdown.Heading(string.Join(' ', heading.Text.Lines), level: 3);
                break;
            case ReportTable { Rows.Count: > 0 } table:
                markdown.Table(
                    [.. table.Columns.Select(column => Markdown.Escape(column.Title))],
                    table.Rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Inline)]));
                break;
            case ReportList list:
                markdown.List(list.Items.Select(item => string.Concat(
                    item.Details.Select(detail => "\n  - " + Inline(detail)).Prepend(Inline(item.Text)))));
                break;
            default:
                break;
        }
    }

    private static string Inline(ReportText text) => string.Join(", ", text.Lines.Where(line => line.Length > 0).Select(line =>
        text.Link is { } address ? Markdown.Link(line, address)
        : text.IsCode ? Markdown.Code(line)
        : Markdown.Escape(line)));
}
