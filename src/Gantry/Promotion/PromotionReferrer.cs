using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Stores promotion records beside images, in the registry of the environment: one referrer for each promotion that changed something. A
/// record describes one registry, so it is not copied when the image is promoted further, and does not count in another place.
/// </summary>
public static class PromotionReferrer
{
    /// <summary>The artifact type of the referrer, and the media type of the record in it.</summary>
    public const string ArtifactType = "application/vnd.gantry.promotion.v1+json";

    internal const string EnvironmentAnnotation = "vnd.gantry.promotion.environment";
    internal const string RegionAnnotation = "vnd.gantry.promotion.region";
    internal const string PlaceAnnotation = "vnd.gantry.promotion.to";

    /// <summary>
    /// Finds the records of an environment beside an image, the latest first. Records that name another place are left out; their dates
    /// are not checked.
    /// </summary>
    /// <param name="image">The repository of the image in the environment's registry.</param>
    /// <param name="digest">The image.</param>
    /// <param name="environment">The environment; others may use the same registry.</param>
    /// <param name="region">The region of the environment; null when it has none.</param>
    /// <param name="version">The version of the release; null for all versions of this image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN4045</c>, <c>GAN4046</c>: a record of the environment cannot be read; <c>GAN4059</c>: there
    /// are too many.</exception>
    public static async Task<IReadOnlyList<PromotionRecord>> FindAsync(
        IImageRepository image, Digest digest, string environment, string? region, string? version, CancellationToken cancellationToken)
    {
        var scope = new RecordScope(environment, region, Now: null);
        return (await FindAsync(image, digest, scope, version, cancellationToken)).Records;
    }

    /// <summary>Finds the records of a release beside an image, and says which of those that were found do not count.</summary>
    internal static async Task<FoundRecords> FindAsync(
        IImageRepository image, Digest digest, RecordScope scope, string? version, CancellationToken cancellationToken)
    {
        if (scope.Signed is { } signed)
            return await new SignedPromotions(image, scope, signed).FindAsync(digest, version, cancellationToken);
        var list = await ListCandidatesAsync(image, digest, scope, knownTags: null, cancellationToken);
        var records = new List<PromotionRecord>();
        var elsewhere = new List<string>(list.Elsewhere);
        var faults = new List<GantryException>();
        var early = new List<GantryException>();
        foreach (var referrer in list.Candidates.Where(referrer => MayBeOf(referrer, version)))
        {
            if (await ReadAsync(image, referrer, digest, cancellationToken) is not { } record
                || !IsOf(record, digest, scope) || (version ?? record.Version) != record.Version)
                continue;
            var origin = DocumentArtifact.Origin(image, referrer);
            if (!RecordPlace.IsSame(record.To, image.Location))
                elsewhere.Add(record.To);
            else if (scope.FindFault(origin, record.Promoted) is { } fault)
                faults.Add(fault);
            else if (scope.IsBeforePublication(record.Promoted))
                early.Add(PromotionErrors.BeforePublication(origin, record.Promoted, scope.Published!.Value));
            else
                records.Add(record);
        }

        return new FoundRecords
        {
            // Within the same second, the record of the hosts is the later one.
            Records = [.. records.OrderByDescending(record => record.Promoted).ThenByDescending(record => record.Hosts is not null)],
            Elsewhere = [.. elsewhere.Distinct(StringComparer.Ordinal)],
            Implausible = faults,
            Outdated = early,
        };
    }

    /// <summary>
    /// Lists version and time of each promotion of an image to an environment. Reads a record only when the registry does not list its
    /// annotations. Those alone prove nothing: the result can check them.
    /// </summary>
    /// <param name="image">The repository of the image.</param>
    /// <param name="digest">The image.</param>
    /// <param name="scope">The environment.</param>
    /// <param name="knownTags">All tags of the repository, when they were just listed.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    internal static async Task<ListedPromotions> ListAsync(
        IImageRepository image, Digest digest, RecordScope scope, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        if (scope.Signed is { } signed)
            return await new SignedPromotions(image, scope, signed).ListAsync(digest, knownTags, cancellationToken);
        var list = await ListCandidatesAsync(image, digest, scope, knownTags, cancellationToken);
        var promotions = new List<ListedPromotion>();
        var others = new List<string>(list.OtherEnvironments);
        var elsewhere = new List<string>(list.Elsewhere);
        var faults = new List<GantryException>();
        foreach (var referrer in list.Candidates)
        {
            Func<CancellationToken, Task<GantryException?>>? check = token => FindFaultAsync(image, referrer, digest, scope, token);
            if (ReadAnnotations(referrer) is not { } entry)
            {
                check = null;
                if (await ReadAsync(image, referrer, digest, cancellationToken) is not { } record || record.Digest != digest)
                    continue;
                if (!IsOf(record, digest, scope))
                {
                    others.AddRange(RecordPlace.IsSame(record.To, image.Location) ? [record.Version] : []);
                    continue;
                }

                entry = (new RecordedPromotion(record.Version, record.Promoted), record.To);
            }

            if (!RecordPlace.IsSame(entry.Place, image.Location))
                elsewhere.Add(entry.Place);
            else if (scope.FindFault(DocumentArtifact.Origin(image, referrer), entry.Promotion.Promoted) is { } fault)
                faults.Add(fault);
            else
                promotions.Add(new ListedPromotion(entry.Promotion, check));
        }

        return new ListedPromotions(promotions, others)
        {
            Elsewhere = [.. elsewhere.Distinct(StringComparer.Ordinal)],
            Implausible = faults,
        };
    }

    /// <summary>Creates the referrer that holds a record; the same record gives the same bytes.</summary>
    internal static (ManifestContent Manifest, byte[] Json) Create(PromotionRecord record, Descriptor subject)
    {
        var json = record.ToJson();
        return (DocumentArtifact.Create(ArtifactType, json, subject, AnnotationsOf(record)), json);
    }

    /// <summary>Stores a record beside an existing image.</summary>
    internal static Task PutAsync(IImageRepository image, PromotionRecord record, Descriptor subject, CancellationToken cancellationToken)
    {
        var (manifest, json) = Create(record, subject);
        return DocumentArtifact.PutAsync(image, manifest, json, cancellationToken);
    }

    /// <summary>Returns the annotations of a record, which a list of referrers contains.</summary>
    /// <param name="record">The record.</param>
    /// <param name="place">The URI of the place of a signed promotion; null for the one in the record.</param>
    internal static SortedDictionary<string, string> AnnotationsOf(PromotionRecord record, string? place = null)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [DocumentArtifact.CreatedAnnotation] = DocumentArtifact.FormatTime(record.Promoted),
            [DocumentArtifact.VersionAnnotation] = record.Version,
            [EnvironmentAnnotation] = record.Environment,
            [PlaceAnnotation] = place ?? record.To,
        };
        if (record.Region is { } region)
            annotations[RegionAnnotation] = region;
        return annotations;
    }

    private sealed record CandidateList(
        IReadOnlyList<Descriptor> Candidates, IReadOnlyList<string> Elsewhere, IReadOnlyList<string> OtherEnvironments);

    // Registries may omit annotations from the list. When they return them, records of other environments and places need not be read.
    private static async Task<CandidateList> ListCandidatesAsync(
        IImageRepository image, Digest digest, RecordScope scope, IReadOnlySet<string>? knownTags, CancellationToken cancellationToken)
    {
        var candidates = new List<Descriptor>();
        var elsewhere = new List<string>();
        var others = new List<string>();
        foreach (var referrer in (await image.ListReferrersAsync(digest, knownTags, cancellationToken)).DistinctBy(each => each.Digest))
        {
            if (referrer.ArtifactType != ArtifactType)
                continue;
            if (referrer.Annotations is not { Count: > 0 } annotations)
            {
                candidates.Add(referrer);
                continue;
            }

            // Where the place is not one, the record itself says what is wrong.
            var isHere = annotations.GetValueOrDefault(PlaceAnnotation) is not { } place
                || !RecordPlace.IsPlace(place)
                || RecordPlace.IsSame(place, image.Location);
            if (annotations.GetValueOrDefault(EnvironmentAnnotation) == scope.Environment
                && annotations.GetValueOrDefault(RegionAnnotation) == scope.Region)
            {
                if (isHere)
                    candidates.Add(referrer);
                else
                    elsewhere.Add(annotations[PlaceAnnotation]);
            }
            else if (isHere && annotations.TryGetValue(DocumentArtifact.VersionAnnotation, out var version))
            {
                others.Add(version);
            }
        }

        return candidates.Count <= Limits.PromotionRecords
            ? new CandidateList(candidates, elsewhere, others)
            : throw PromotionErrors.TooManyRecords(image.Location, digest, candidates.Count);
    }

    internal static (RecordedPromotion Promotion, string Place)? ReadAnnotations(Descriptor referrer) =>
        referrer.Annotations is { } annotations
        && annotations.TryGetValue(DocumentArtifact.VersionAnnotation, out var version)
        && annotations.TryGetValue(PlaceAnnotation, out var place)
        && RecordPlace.IsPlace(place)
        && annotations.TryGetValue(DocumentArtifact.CreatedAnnotation, out var created)
        && DocumentArtifact.ParseTime(created) is { } promoted
            ? (new RecordedPromotion(version, promoted), place)
            : null;

    private static async Task<GantryException?> FindFaultAsync(
        IImageRepository image, Descriptor referrer, Digest digest, RecordScope scope, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(image, referrer, digest, cancellationToken) is { } record && IsOf(record, digest, scope)
                ? null
                : PromotionErrors.MalformedPromotion(DocumentArtifact.Origin(image, referrer), "it contains no record of this image");
        }
        catch (GantryException problem)
        {
            return problem;
        }
    }

    private static bool MayBeOf(Descriptor referrer, string? version) =>
        version is null || (referrer.Annotations?.GetValueOrDefault(DocumentArtifact.VersionAnnotation) ?? version) == version;

    private static bool IsOf(PromotionRecord record, Digest digest, RecordScope scope) =>
        record.Digest == digest && record.Environment == scope.Environment && record.Region == scope.Region;

    internal static async Task<PromotionRecord?> ReadAsync(
        IImageRepository image, Descriptor referrer, Digest subject, CancellationToken cancellationToken)
    {
        var record = await DocumentArtifact.ReadAsync(
            image,
            referrer,
            ArtifactType,
            subject,
            PromotionRecord.MaximumSize,
            (json, origin) => PromotionRecord.Read(json, origin),
            (origin, fault) => PromotionErrors.MalformedPromotion(origin, fault),
            cancellationToken);
        if (record is null || referrer.Annotations is not { } annotations)
            return record;

        // The list and the record are written together. Where they differ, one of them was forged.
        return AnnotationsOf(record).All(expected => (annotations.GetValueOrDefault(expected.Key) ?? expected.Value) == expected.Value)
            ? record
            : throw PromotionErrors.MalformedPromotion(DocumentArtifact.Origin(image, referrer), "its annotations say something else");
    }
}
