using Gantry.Environments;
using Gantry.Notifications;

namespace Gantry.Drift;

/// <summary>Makes messages about drift for channels.</summary>
public static class DriftMessages
{
    private const int NamedFindings = 5;

    /// <summary>Returns the message about an environment; null when it has not drifted.</summary>
    /// <param name="report">The report.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="runUrl">The page of the run; null when there is none.</param>
    public static NotificationMessage? Find(DriftReport report, PromotionEnvironment environment, string? runUrl)
    {
        var places = report.Places.Where(place => place.Environment == environment.Name).Select(place => place.Place).ToHashSet();
        var findings = report.Findings.Where(finding => finding.IsDrift && places.Contains(finding.Place)).ToList();
        if (findings.Count == 0)
            return null;
        var more = findings.Count - NamedFindings;
        return new NotificationMessage
        {
            Title = $"{environment.DisplayName} is not as it was promoted: {Format.Count(findings.Count, "finding")}",
            IsGood = false,
            Facts =
            [
                .. findings.Take(NamedFindings).Select(finding => (
                    $"{finding.Place}, {DriftFormatter.NameOf(finding.Kind)}", $"{finding.Problem} ({finding.Code})")),
                .. more > 0 ? [("More", $"{more} in the report")] : Array.Empty<(string, string)>(),
            ],
            RunUrl = runUrl,
        };
    }
}
