using System.Text.Json;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion.Gates;

/// <summary>A vulnerability that a scanner found.</summary>
/// <param name="Id">Its id: <c>CVE-2026-1234</c>.</param>
/// <param name="Severity">Its severity.</param>
internal sealed record ScanFinding(string Id, VulnerabilitySeverity Severity);

/// <summary>What a scanner found in an image, in a format of which the scanner is known.</summary>
/// <param name="Scanner">The name of the scanner.</param>
/// <param name="Findings">What it found.</param>
internal sealed record ScanReport(string Scanner, IReadOnlyList<ScanFinding> Findings)
{
    /// <summary>The digests of the image that the report names; empty when it names none.</summary>
    public IReadOnlyList<Digest> Images { get; init; } = [];

    /// <summary>The time of the scan, when the report names it.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>
    /// Reads a report of Trivy or Grype (JSON), or SARIF. Throws <see cref="InvalidDataException"/> for anything else, and for a report
    /// that does not say which scanner made it, or that it is complete.
    /// </summary>
    public static ScanReport Read(JsonElement report)
    {
        if (report.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("its report is empty");
        if (report.Child("runs") is not null)
            return SarifReport.Read(report);
        if (report.Child("matches") is not null)
            return GrypeReport.Read(report);
        return report.Child("SchemaVersion") is not null
            ? TrivyReport.Read(report)
            : throw new InvalidDataException("its report is of no known format (Trivy, Grype, SARIF)");
    }

    /// <summary>Returns the digests in names of images: <c>shop/api@sha256:…</c>.</summary>
    public static IReadOnlyList<Digest> DigestsOf(IEnumerable<JsonElement>? names) =>
        [.. (names ?? [])
            .Select(name => name.Text() is { } text && Digest.TryParse(text[(text.LastIndexOf('@') + 1)..], out var digest)
                ? digest
                : throw new InvalidDataException("it names an image without a digest"))];
}
