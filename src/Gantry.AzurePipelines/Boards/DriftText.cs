using System.Net;
using System.Text;
using Gantry.Drift;

namespace Gantry.AzurePipelines.Boards;

/// <summary>
/// Writes what a work item says: HTML, as its fields are. All text of a report is escaped, since anyone who can write to a registry or a
/// host has chosen parts of it.
/// </summary>
internal static class DriftText
{
    /// <summary>Returns the title.</summary>
    public static string Title(DriftReport report)
    {
        var title = "Drift: " + DisplayText.Neutralize(DriftFormatter.Headline(report));
        return title.Length <= Limits.WorkItemTitleLength ? title : title[..(Limits.WorkItemTitleLength - 1)] + "…";
    }

    /// <summary>Returns the line that says which drift a description is about.</summary>
    public static string FingerprintLine(DriftReport report) => $"Fingerprint: {report.Fingerprint}";

    /// <summary>Returns the description.</summary>
    public static string Description(DriftReport report, string? run) => new StringBuilder()
        .Append(Findings(report))
        .Append("<p>").Append(Seen(report, run)).Append("</p>")
        .Append("<p>VerifyEnvironments of Gantry writes this text, and closes the work item when nothing drifts any more. ")
        .Append("What people write belongs into comments.<br>").Append(FingerprintLine(report)).Append("</p>")
        .ToString();

    /// <summary>Returns the comment about a drift that is another one than before.</summary>
    public static string Changed(DriftReport report, string? run) =>
        $"<p>The drift has changed. {Seen(report, run)}</p>" + Findings(report);

    /// <summary>Returns the comment about a drift that is mended.</summary>
    public static string Mended(DriftReport report, string? run) =>
        $"<p>Mended: everything is as it was promoted. {Seen(report, run)}</p>";

    private static string Findings(DriftReport report)
    {
        var text = new StringBuilder("<ul>");
        foreach (var finding in report.Findings.Take(Limits.ListedFindings))
        {
            text.Append("<li><b>").Append(Escape(finding.Place)).Append("</b>, ").Append(Escape(DriftFormatter.NameOf(finding.Kind)))
                .Append(": ").Append(Escape(finding.Problem)).Append(" (").Append(Escape(finding.Code)).Append(')');
            if (finding.Command is { } command)
                text.Append("<br><code>").Append(Escape(command)).Append("</code>");
            else if (finding.Remedy is { } remedy)
                text.Append("<br>").Append(Escape(remedy));
            text.Append("</li>");
        }

        text.Append("</ul>");
        if (report.Findings.Count > Limits.ListedFindings)
            text.Append("<p>And ").Append(Format.Count(report.Findings.Count - Limits.ListedFindings, "more finding")).Append(".</p>");
        return text.ToString();
    }

    private static string Seen(DriftReport report, string? run)
    {
        var time = $"Seen at {Format.Time(report.AsOf)}";
        return Uri.TryCreate(run, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
            ? $"{time} by <a href=\"{Escape(address.AbsoluteUri)}\">this run</a>."
            : time + ".";
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(DisplayText.Neutralize(text));
}
