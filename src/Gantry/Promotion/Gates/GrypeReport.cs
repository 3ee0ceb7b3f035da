using System.Text.Json;

namespace Gantry.Promotion.Gates;

/// <summary>Reads the JSON report of Grype. What its own configuration ignores is not in its matches.</summary>
/// <seealso href="https://github.com/anchore/grype">Grype</seealso>
internal static class GrypeReport
{
    public static ScanReport Read(JsonElement report)
    {
        if (report.Child("descriptor")?.Text("name") is not { } name || string.IsNullOrWhiteSpace(name))
            throw new InvalidDataException("its report does not say which scanner made it");
        if (report.Items("matches") is not { } matches)
            throw new InvalidDataException("the matches in its report of Grype are no list");
        return report.Child("source") is { ValueKind: JsonValueKind.Object } source
            ? new ScanReport(name, [.. matches.Select(ReadOne)])
            {
                Images = ScanReport.DigestsOf(source.Child("target")?.Items("repoDigests")),
            }
            : throw new InvalidDataException("its report of Grype does not say what was scanned");
    }

    private static ScanFinding ReadOne(JsonElement match) =>
        match.Child("vulnerability") is { } found && found.Text("id") is { Length: > 0 } id
            ? new ScanFinding(id, Severity.OfName(found.Text("severity")))
            : throw new InvalidDataException("a match in its report of Grype has no id");
}
