using System.Globalization;
using System.Text.Json;
using Gantry.Environments;

namespace Gantry.Promotion.Gates;

/// <summary>Reads severities, as scanners write them.</summary>
internal static class Severity
{
    /// <summary>Reads the name of a severity. One that is not known is unknown, and never a low one.</summary>
    public static VulnerabilitySeverity OfName(string? name) => name?.ToUpperInvariant() switch
    {
        "CRITICAL" => VulnerabilitySeverity.Critical,
        "HIGH" => VulnerabilitySeverity.High,
        "MEDIUM" => VulnerabilitySeverity.Medium,
        "LOW" => VulnerabilitySeverity.Low,
        "NEGLIGIBLE" => VulnerabilitySeverity.Negligible,
        _ => VulnerabilitySeverity.Unknown,
    };

    /// <summary>Reads a CVSS score, a number or a text; null when there is none. Out of its range it is unknown.</summary>
    public static VulnerabilitySeverity? OfScore(JsonElement? score)
    {
        if (score is not { ValueKind: JsonValueKind.String or JsonValueKind.Number } given)
            return null;
        var text = given.ValueKind == JsonValueKind.Number ? given.GetRawText() : given.GetString();
        return !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? VulnerabilitySeverity.Unknown
            : value switch
            {
                >= 9 and <= 10 => VulnerabilitySeverity.Critical,
                >= 7 and < 9 => VulnerabilitySeverity.High,
                >= 4 and < 7 => VulnerabilitySeverity.Medium,
                > 0 and < 4 => VulnerabilitySeverity.Low,
                0 => VulnerabilitySeverity.Negligible,
                _ => VulnerabilitySeverity.Unknown,
            };
    }

    /// <summary>Reads a level of SARIF. Without one, it is a warning (section 3.27.10).</summary>
    public static VulnerabilitySeverity OfLevel(string? level) => level switch
    {
        "error" => VulnerabilitySeverity.High,
        "warning" or null => VulnerabilitySeverity.Medium,
        "note" => VulnerabilitySeverity.Low,
        "none" => VulnerabilitySeverity.Negligible,
        _ => VulnerabilitySeverity.Unknown,
    };
}
