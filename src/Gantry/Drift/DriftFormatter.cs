using System.Globalization;
using Gantry.Status;

namespace Gantry.Drift;

/// <summary>Formats reports for people.</summary>
public static class DriftFormatter
{
    /// <summary>The columns of the table of hosts.</summary>
    public static IReadOnlyList<string> HostColumns { get; } = ["Place", "Host", "Image", "State", "Runs"];

    /// <summary>Returns the sentence that says it all: <c>2 findings in prod: …</c>, without a full stop.</summary>
    /// <param name="report">The report.</param>
    public static string Headline(DriftReport report)
    {
        var unread = report.Findings.Count(finding => !finding.IsDrift);
        var drift = report.Findings.Count - unread;
        var sentence = report.State switch
        {
            DriftState.Settled => $"No drift: {Read(report)} as promoted",
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

    /// <summary>Returns the lines of a finding: the problem with its code, and the command that mends it.</summary>
    /// <param name="finding">The finding.</param>
    public static IEnumerable<string> Describe(DriftFinding finding)
    {
        yield return $"{finding.Place}: {NameOf(finding.Kind)}: {finding.Problem} ({finding.Code})";
        yield return finding.Command is { } command ? $"  {command}" : $"  {finding.Remedy}";
    }

    /// <summary>Returns the row of a host.</summary>
    /// <param name="host">The host.</param>
    public static IReadOnlyList<string> Row(HostComparison host)
    {
        var found = string.Join(", ", host.Found);
        var since = host.Since is { } time ? $" since {Format.Time(time)}" : "";
        var note = host.Note is null ? "" : found.Length == 0 ? host.Note : $" ({host.Note})";
        return [host.Place, host.Host, host.Image ?? "", NameOf(host.Agreement), found + since + note];
    }

    /// <summary>Returns the whole report as lines, without colours.</summary>
    /// <param name="report">The report.</param>
    public static IEnumerable<string> Lines(DriftReport report)
    {
        yield return Headline(report);
        foreach (var line in report.Findings.SelectMany(Describe))
            yield return line;
        foreach (var host in report.Hosts)
            yield return string.Join(": ", Row(host).Where(cell => cell.Length > 0));
    }

    private static string Read(DriftReport report)
    {
        var hosts = report.Hosts.Count(host => host.Agreement == HostAgreement.AsPromoted);
        var unread = report.Hosts.Count(host => host.Agreement == HostAgreement.NotRead);
        return (report.Places.Count == 1 ? "1 registry" : report.Places.Count.ToString(CultureInfo.InvariantCulture) + " registries")
            + (hosts == 0 ? "" : $" and {Format.Count(hosts, "host")}")
            + (unread == 0 ? "" : $" (and {Format.Count(unread, "host")} not read)")
            + (report.Places.Count + hosts == 1 ? " is" : " are");
    }

    private static string NameOf(HostAgreement agreement) => agreement switch
    {
        HostAgreement.AsPromoted => "as promoted",
        HostAgreement.Different => "different",
        HostAgreement.Unreadable => "not readable",
        _ => "not read",
    };
}
