using System.Globalization;
using Gantry.Formatting;
using Gantry.Status;

namespace Gantry.Drift;

/// <summary>Formats reports for people.</summary>
public static class DriftFormatter
{
    private static readonly IReadOnlyList<ReportColumn> s_hostColumns =
        [new("Place"), new("Host"), new("Image", 1), new("State"), new("Runs")];

    /// <summary>The columns of the table of hosts.</summary>
    public static IReadOnlyList<string> HostColumns { get; } = [.. s_hostColumns.Select(column => column.Title)];

    /// <summary>Returns the sentence that says it all: <c>2 findings in prod: …</c>, without a full stop.</summary>
    /// <param name="report">The report.</param>
    public static string Headline(DriftReport report)
    {
        var unread = report.Findings.Count(finding => !finding.IsDrift);
        var drift = report.Findings.Count - unread;
        var sentence = report.State switch
        {
            DriftState.Settled => Settled(report),
            DriftState.Unknown => $"No drift in what could be read; {Format.Count(unread, "place")} could not be read",
            _ => $"{Format.Count(drift, "finding")} of drift in "
                + string.Join(", ", report.Findings.Where(finding => finding.IsDrift).Select(finding => finding.Place).Distinct())
                + (unread == 0 ? "" : $"; {Format.Count(unread, "place")} could not be read"),
        };
        return report.AreHostsRead ? sentence : sentence + "; hosts were not read, which only the build declares";
    }

    /// <summary>Returns the name of a kind for people.</summary>
    /// <param name="kind">The kind.</param>
    public static string NameOf(StatusMarkKind kind) => kind switch
    {
        StatusMarkKind.Unreadable => "not readable",
        StatusMarkKind.MovedTag => "moved tag",
        StatusMarkKind.Unattested => "no attestation",
        StatusMarkKind.BrokenOrder => "broken order",
        StatusMarkKind.OtherOnHosts => "other on host",
        _ => "incomplete",
    };

    /// <summary>Returns the row of a host.</summary>
    /// <param name="host">The host.</param>
    public static IReadOnlyList<string> Row(HostComparison host)
    {
        var found = string.Join(", ", host.Found);
        var since = host.Since is { } time ? $" since {Format.Time(time)}" : "";
        var note = host.Note is null ? "" : found.Length == 0 ? host.Note : $" ({host.Note})";
        return [host.Place, host.Host, host.Image ?? "", NameOf(host.Agreement), found + since + note];
    }

    /// <summary>Describes a report: the sentence that says it all, each finding with what mends it, and the hosts.</summary>
    /// <param name="report">The report.</param>
    public static TextReport Describe(DriftReport report) => new(
        "Drift",
        [
            new ReportList([new(new(DisplayText.FromString(Headline(report)), ToneOf(report.State)))]),
            new ReportList([.. report.Findings.Select(Describe)]),
            new ReportTable(s_hostColumns, [.. report.Hosts.Select(CellsOf)]),
        ]);

    private static ReportItem Describe(DriftFinding finding) => new(new(
        $"{finding.Place}: {NameOf(finding.Kind)}: {finding.Problem} ({finding.Code})",
        finding.IsDrift ? ReportTone.Bad : ReportTone.Warning))
    {
        Details = finding.Command is { } command ? [new(command) { IsCode = true }]
            : finding.Remedy is { } remedy ? [new(remedy)]
            : [],
    };

    private static IReadOnlyList<ReportText> CellsOf(HostComparison host) =>
        [.. Row(host).Select(cell => new ReportText(DisplayText.FromString(cell), ToneOf(host.Agreement)))];

    private static ReportTone ToneOf(DriftState state) => state switch
    {
        DriftState.Settled => ReportTone.Good,
        DriftState.Unknown => ReportTone.Warning,
        _ => ReportTone.Bad,
    };

    private static ReportTone ToneOf(HostAgreement agreement) => agreement switch
    {
        HostAgreement.Different => ReportTone.Bad,
        HostAgreement.Unreadable => ReportTone.Warning,
        _ => ReportTone.Plain,
    };

    // What holds no release was compared with nothing.
    private static string Settled(DriftReport report)
    {
        var empty = report.Places.Where(place => place.Version is null).Select(place => place.Place).ToList();
        if (empty.Count == report.Places.Count)
            return $"Nothing was compared: {CountRegistries(empty.Count)} without a release";
        return $"No drift: {Read(report, report.Places.Count - empty.Count)} as promoted"
            + (empty.Count == 0 ? "" : $"; no release in {string.Join(", ", empty)}");
    }

    private static string Read(DriftReport report, int registries)
    {
        var hosts = report.Hosts.Count(host => host.Agreement == HostAgreement.AsPromoted);
        var unread = report.Hosts.Count(host => host.Agreement == HostAgreement.NotRead);
        return CountRegistries(registries)
            + (hosts == 0 ? "" : $" and {Format.Count(hosts, "host")}")
            + (unread == 0 ? "" : $" (and {Format.Count(unread, "host")} not read)")
            + (registries + hosts == 1 ? " is" : " are");
    }

    private static string CountRegistries(int count) =>
        count == 1 ? "1 registry" : count.ToString(CultureInfo.InvariantCulture) + " registries";

    private static string NameOf(HostAgreement agreement) => agreement switch
    {
        HostAgreement.AsPromoted => "as promoted",
        HostAgreement.Different => "different",
        HostAgreement.Unreadable => "not readable",
        _ => "not read",
    };
}
