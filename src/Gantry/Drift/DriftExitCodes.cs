using Gantry.Status;

namespace Gantry.Drift;

/// <summary>The exit codes of a verification, of a build and of the command line alike.</summary>
public static class DriftExitCodes
{
    /// <summary>Returns the exit code of the gravest finding: 20 to 25, or 0 without any.</summary>
    /// <param name="report">The report.</param>
    public static int Of(DriftReport report) =>
        report.Findings.Select(finding => finding.Kind).Order().Select(kind => (int?)Of(kind)).FirstOrDefault() ?? 0;

    private static int Of(StatusMarkKind kind) => kind switch
    {
        StatusMarkKind.Unreadable => 20,
        StatusMarkKind.MovedTag => 21,
        StatusMarkKind.Unattested => 22,
        StatusMarkKind.BrokenOrder => 23,
        StatusMarkKind.OtherOnHosts => 24,
        _ => 25,
    };
}
