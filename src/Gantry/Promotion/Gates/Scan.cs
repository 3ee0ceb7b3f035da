using System.Text.Json;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Promotion.Gates;

/// <summary>A vulnerability report beside an image, or what is in the place of one.</summary>
/// <param name="Origin">The name for people.</param>
/// <param name="Time">The time of the scan; null when it is not known.</param>
/// <param name="Report">The report; null when it cannot be read.</param>
/// <param name="Fault">The reason why it cannot be read.</param>
internal sealed record Scan(string Origin, DateTimeOffset? Time, ScanReport? Report, string? Fault)
{
    private const string Sarif = "application/sarif+json";

    /// <summary>
    /// Finds the reports beside a manifest: with keys those that are signed with one, otherwise the SARIF files. The reasons why others do
    /// not count are added to a list.
    /// </summary>
    public static async Task<IReadOnlyList<Scan>> FindAsync(
        IImageRepository repository, Digest place, TrustPolicy trust, DateTimeOffset now, ICollection<string> refused,
        CancellationToken cancellationToken)
    {
        if (trust.Keys.Count == 0)
            return [.. (await RawDocument.FindAsync(repository, place, Sarif, cancellationToken)).Select(OfSarif)];
        var found = await SignedEvidence.FindAsync(repository, place, PredicateTypes.Vulnerabilities, trust, now, cancellationToken);
        foreach (var reason in found.Refused)
            refused.Add(reason);
        return [.. found.Valid.Select(one => OfPredicate(one.Attestation, one.Time))];
    }

    private static Scan OfSarif(RawDocument document)
    {
        if (document.Bytes is not { } bytes)
            return new Scan(document.Origin, document.Created, null, document.Fault);
        try
        {
            var report = ForeignJson.Read(bytes, ScanReport.Read);
            return new Scan(document.Origin, report.Time ?? document.Created, report, null);
        }
        catch (InvalidDataException exception)
        {
            return new Scan(document.Origin, document.Created, null, exception.Message);
        }
    }

    private static Scan OfPredicate(Attestation attestation, DateTimeOffset? time)
    {
        try
        {
            return new Scan(attestation.Origin, time, ForeignJson.Read(attestation.Statement.Predicate, ReadPredicate), null);
        }
        catch (InvalidDataException exception)
        {
            return new Scan(attestation.Origin, time, null, exception.Message);
        }
    }

    /// <seealso href="https://github.com/sigstore/cosign/blob/main/specs/COSIGN_VULN_ATTESTATION_SPEC.md">
    /// cosign, vulnerability scan records
    /// </seealso>
    internal static ScanReport ReadPredicate(JsonElement predicate)
    {
        if (predicate.Child("scanner") is not { ValueKind: JsonValueKind.Object } scanner
            || string.IsNullOrWhiteSpace(scanner.Text("uri") ?? scanner.Text("name")))
            throw new InvalidDataException("it does not say which scanner made it");
        if (predicate.Child("metadata")?.Time("scanFinishedOn") is not { } finished)
            throw new InvalidDataException("it does not say when the scan was finished");
        return scanner.Child("result") is { } result
            ? ScanReport.Read(result) with { Time = finished }
            : throw new InvalidDataException("its report is empty");
    }
}
