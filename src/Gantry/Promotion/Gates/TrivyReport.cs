using System.Text.Json;

namespace Gantry.Promotion.Gates;

/// <summary>Reads the JSON report of Trivy.</summary>
/// <seealso href="https://trivy.dev/latest/docs/configuration/reporting/#json">Trivy, JSON reports</seealso>
internal static class TrivyReport
{
    public static ScanReport Read(JsonElement report)
    {
        if (report.Child("SchemaVersion") is not { ValueKind: JsonValueKind.Number } schema
            || !schema.TryGetInt32(out var version) || version != 2)
            throw new InvalidDataException("its report is of another schema of Trivy than 2");
        if (string.IsNullOrWhiteSpace(report.Text("ArtifactName")))
            throw new InvalidDataException("its report of Trivy does not say what was scanned");

        // What has no package has no result; a scan that did nothing looks the same.
        return report.Items("Results") is { Count: > 0 } results
            ? new ScanReport("trivy", [.. results.SelectMany(Vulnerabilities).Select(ReadOne)])
            {
                Images = ScanReport.DigestsOf(report.Child("Metadata")?.Items("RepoDigests")),
            }
            : throw new InvalidDataException("its report of Trivy has no result");
    }

    private static IEnumerable<JsonElement> Vulnerabilities(JsonElement result) => result.Child("Vulnerabilities") switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        _ => throw new InvalidDataException("the vulnerabilities in its report of Trivy are no list"),
    };

    private static ScanFinding ReadOne(JsonElement found) =>
        found.Text("VulnerabilityID") is { Length: > 0 } id
            ? new ScanFinding(id, Severity.OfName(found.Text("Severity")))
            : throw new InvalidDataException("a vulnerability in its report of Trivy has no id");
}
