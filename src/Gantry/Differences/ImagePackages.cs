using System.Text;
using Gantry.Attestations;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Sboms;

namespace Gantry.Differences;

/// <summary>The packages of an image for one platform, as the SBOMs beside it list them: signed ones where there is no other.</summary>
internal static class ImagePackages
{
    private const string CycloneDx = "application/vnd.cyclonedx+json";

    /// <summary>
    /// Reads the packages. Throws <c>GAN4804</c> when there is no SBOM that can be read, or too many, and the errors of the registry.
    /// </summary>
    public static async Task<IReadOnlySet<Package>> ReadAsync(IImageRepository image, Digest place, CancellationToken cancellationToken)
    {
        var referrers = await image.ListReferrersAsync(place, cancellationToken);
        var documents = await ReadDocumentsAsync(image, place, referrers, cancellationToken);
        if (documents.Count == 0)
            documents = await ReadSignedAsync(image, place, referrers, cancellationToken);
        return documents.Count > 0
            ? documents.SelectMany(document => document.Components).Where(component => component.IsPackage).Select(Package.Of).ToHashSet()
            : throw DifferenceErrors.NoSbom(image.Location, place);
    }

    private static async Task<IReadOnlyList<SbomDocument>> ReadDocumentsAsync(
        IImageRepository image, Digest place, IReadOnlyList<Descriptor> referrers, CancellationToken cancellationToken)
    {
        var candidates = RawDocument.Candidates(referrers, CycloneDx);
        RequireFew(image, place, candidates.Count);
        var read = await Concurrently.SelectAsync(
            candidates, (candidate, token) => RawDocument.ReadAsync(image, place, candidate, CycloneDx, token), cancellationToken);
        return
        [
            .. read.OfType<RawDocument>()
                .Select(one => one.Bytes is { } bytes ? Read(bytes, one.Origin) : null)
                .OfType<SbomDocument>(),
        ];
    }

    private static async Task<IReadOnlyList<SbomDocument>> ReadSignedAsync(
        IImageRepository image, Digest place, IReadOnlyList<Descriptor> referrers, CancellationToken cancellationToken)
    {
        var candidates = AttestationReferrer.Candidates(image, place, referrers, PredicateTypes.CycloneDx);
        RequireFew(image, place, candidates.Count);
        var found = await AttestationReferrer.ReadAsync(image, place, candidates, PredicateTypes.CycloneDx, cancellationToken);
        return
        [
            .. found.Attestations.Where(one => one.Statement.IsAbout(place))
                .Select(one => Read(Encoding.UTF8.GetBytes(one.Statement.Predicate.GetRawText()), one.Origin))
                .OfType<SbomDocument>(),
        ];
    }

    private static void RequireFew(IImageRepository image, Digest place, int count)
    {
        if (count > Limits.ComparedSboms)
            throw DifferenceErrors.TooManySboms(image.Location, place, count);
    }

    // One that cannot be read says nothing, and there may be others.
    private static SbomDocument? Read(ReadOnlyMemory<byte> bytes, string origin)
    {
        try
        {
            return SbomDocument.Read(bytes, origin) is { Components.Count: > 0 } document ? document : null;
        }
        catch (GantryException)
        {
            return null;
        }
    }
}

/// <summary>A package of an image.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Version">The version; empty when it is not known.</param>
internal sealed record Package(string Name, string Type, string Version)
{
    public static Package Of(SbomComponent component) =>
        new(component.FullName, TypeOf(component.Purl) ?? component.Type, component.Version ?? "");

    /// <summary>Compares two lists of packages: what has another version was changed, and the rest was added or removed.</summary>
    public static IReadOnlyList<ChangedPackage> Compare(IReadOnlySet<Package> before, IReadOnlySet<Package> after)
    {
        var (removed, added) = (ByName(before.Except(after)), ByName(after.Except(before)));
        return
        [
            .. removed.Select(group => group.Key).Union(added.Select(group => group.Key))
                .Order()
                .SelectMany(key => Pair(key, Versions(removed[key]), Versions(added[key]))),
        ];
    }

    private static ILookup<(string Name, string Type), string> ByName(IEnumerable<Package> packages) =>
        packages.ToLookup(package => (package.Name, package.Type), package => package.Version);

    private static IReadOnlyList<string> Versions(IEnumerable<string> versions) => [.. versions.Order(StringComparer.Ordinal)];

    // An image may have several versions of a package.
    private static IEnumerable<ChangedPackage> Pair(
        (string Name, string Type) key, IReadOnlyList<string> removed, IReadOnlyList<string> added) =>
        Enumerable.Range(0, Math.Max(removed.Count, added.Count)).Select(index => new ChangedPackage(
            key.Name, key.Type, removed.ElementAtOrDefault(index), added.ElementAtOrDefault(index)));

    // pkg:type/namespace/name@version
    private static string? TypeOf(string? purl) =>
        purl?.StartsWith("pkg:", StringComparison.Ordinal) == true && purl.IndexOf('/', StringComparison.Ordinal) is > 4 and var end
            ? purl[4..end]
            : null;
}
