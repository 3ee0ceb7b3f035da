using System.Text;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Sboms;

namespace Gantry.Promotion.Gates;

/// <summary>Compares the SBOM of each platform of each image with the rules of a gate.</summary>
internal sealed class SbomEvaluator : CheckedEvaluator<SbomRulesGate>
{
    private const string CycloneDx = "application/vnd.cyclonedx+json";

    protected override async Task<GateEvaluation> EvaluateAsync(
        SbomRulesGate gate, GateContext context, CancellationToken cancellationToken)
    {
        var trust = new TrustPolicy { Keys = await context.Keys.ReadAsync(gate.Keys, cancellationToken) };
        var images = await BaseImage.ReadAsync(context, cancellationToken);
        var results = await Concurrently.SelectAsync(
            images.SelectMany(image => PlacesOf(image).Select(place => (Image: image, Place: place))),
            (one, token) => ReadAsync(one.Image, one.Place, gate, trust, context.Time.GetUtcNow(), token),
            cancellationToken);
        var empty = images.Where(image => !PlacesOf(image).Any()).Select(image => $"{image.Name} has no platform");
        return Conclude(
            [.. empty, .. results.SelectMany(result => result.Problems)], [.. results.Select(result => result.Finding)]);
    }

    // An index has no files, so an SBOM beside it describes none of its platforms.
    private static IEnumerable<Digest> PlacesOf(BaseImage image) => image.Platforms ?? [image.Digest];

    private sealed record Document(IReadOnlyList<SbomComponent>? Components, string? Fault);

    private static async Task<(IReadOnlyList<string> Problems, string Finding)> ReadAsync(
        BaseImage image, Digest place, SbomRulesGate gate, TrustPolicy trust, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var refused = new List<string>();
        var documents = trust.Keys.Count > 0
            ? await FindSignedAsync(image, place, trust, now, refused, cancellationToken)
            : await FindAllAsync(image, place, refused, cancellationToken);
        var name = image.Describe(place);
        if (documents.Count == 0)
            return ([Format.Line($"{name} has no SBOM that counts{Reasons.NotCounted(refused)}")], "");
        var problems = documents.SelectMany(document => document.Components is { } components
            ? FindProblems(gate, components).Select(problem => Format.Line($"{name} contains {problem}"))
            : [Format.Line($"{name}: {document.Fault}")]);
        var all = documents
            .SelectMany(document => document.Components ?? [])
            .DistinctBy(one => (one.FullName, one.Version, one.Purl))
            .ToList();
        var without = all.Count(HasNoLicense);
        return ([.. problems.Distinct()],
            $"{name}: {Format.Count(all.Count, "component")}{(without == 0 ? "" : $", {without} without a licence")}");
    }

    private static async Task<IReadOnlyList<Document>> FindSignedAsync(
        BaseImage image, Digest place, TrustPolicy trust, DateTimeOffset now, List<string> refused, CancellationToken cancellationToken)
    {
        var found = await SignedEvidence.FindAsync(
            image.Repository, place, PredicateTypes.CycloneDx, trust, now, cancellationToken);
        refused.AddRange(found.Refused);
        return [.. found.Valid.Select(one => Read(one.Attestation))];
    }

    private static async Task<IReadOnlyList<Document>> FindAllAsync(
        BaseImage image, Digest place, List<string> refused, CancellationToken cancellationToken)
    {
        var raw = await RawDocument.FindAsync(image.Repository, place, CycloneDx, cancellationToken);
        var found = await AttestationReferrer.FindAsync(image.Repository, place, PredicateTypes.CycloneDx, cancellationToken);
        refused.AddRange(found.Faults.Select(fault => fault.Problem));
        return
        [
            .. raw.Select(document => document.Bytes is { } bytes
                ? Read(bytes, document.Origin)
                : new Document(null, $"the SBOM {document.Origin} cannot be read: {document.Fault}")),
            .. found.Attestations.Where(one => one.Statement.IsAbout(place)).Select(Read),
        ];
    }

    private static Document Read(Attestation attestation) =>
        Read(Encoding.UTF8.GetBytes(attestation.Statement.Predicate.GetRawText()), attestation.Origin);

    // One without components says nothing.
    private static Document Read(ReadOnlyMemory<byte> bytes, string origin)
    {
        try
        {
            var components = SbomDocument.Read(bytes, origin).Components;
            return components.Count > 0 ? new Document(components, null) : new Document(null, $"the SBOM {origin} has no component");
        }
        catch (GantryException exception)
        {
            return new Document(null, exception.Problem);
        }
    }

    private static IEnumerable<string> FindProblems(SbomRulesGate gate, IReadOnlyList<SbomComponent> components)
    {
        foreach (var component in components)
        {
            var name = $"{component.FullName} {component.Version}".TrimEnd();
            if (gate.ForbiddenPackages.FirstOrDefault(rule => PackageMatcher.Matches(rule, component)) is { } rule)
                yield return $"{name}, which is forbidden ({rule})";
            foreach (var license in LicensesOf(component).Where(license => LicenseExpression.IsForbidden(license, IsForbidden)))
                yield return $"{name} with the licence {license}, which is forbidden";
            if (gate.RequireLicenses && HasNoLicense(component))
                yield return $"{name} without a licence";
        }

        bool IsForbidden(string license) => gate.ForbiddenLicenses.Any(pattern => PackageMatcher.Matches(pattern, license));
    }

    private static bool HasNoLicense(SbomComponent component) => component.IsPackage && !LicensesOf(component).Any();

    // Tools write these for what they do not know.
    private static IEnumerable<string> LicensesOf(SbomComponent component) => component.Licenses
        .Select(license => license.Text)
        .Where(license => !string.IsNullOrWhiteSpace(license) && license is not ("NOASSERTION" or "NONE"));
}
