using Gantry.Checks;

namespace Gantry.Drift;

/// <summary>Makes checks of a report: each registry and each host is one, and each finding that fails it.</summary>
public static class DriftChecks
{
    /// <summary>Returns the checks.</summary>
    /// <param name="report">The report.</param>
    /// <param name="file">The file with the declaration of the environments; null when it is not known.</param>
    public static CheckReport Of(DriftReport report, string? file = null) => new(
        "drift",
        [
            .. report.Findings.Select(Of),
            .. report.Places.Where(place => !report.Findings.Any(finding => finding.Place == place.Place && finding.Host is null))
                .Select(place => new Check(place.Place, $"registry {place.Registry}", CheckState.Passed)
                {
                    Message = place.Version is { } version ? $"it has {version}, as it was promoted" : "nothing was promoted there",
                }),
            .. report.Hosts.Where(host => host.Agreement is HostAgreement.AsPromoted or HostAgreement.NotRead)
                .Select(host => new Check(
                    host.Place, host.Host, host.Agreement == HostAgreement.AsPromoted ? CheckState.Passed : CheckState.Open)
                {
                    Message = host.Note ?? string.Join(", ", host.Found),
                }),
        ])
    {
        File = file,
    };

    private static Check Of(DriftFinding finding) => new(
        finding.Place,
        string.Join(": ", new[] { finding.Host, finding.Image, DriftFormatter.NameOf(finding.Kind) }.OfType<string>()),
        finding.IsDrift ? CheckState.Failed : CheckState.Warning)
    {
        Code = finding.Code,
        Message = finding.Problem,
        Remedy = finding.Command is { } command ? $"run {command}" : finding.Remedy,
    };
}
