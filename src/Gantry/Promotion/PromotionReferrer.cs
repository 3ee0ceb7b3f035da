using System.Globalization;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Stores promotion records beside images, in the registry of the environment: one referrer for each promotion that changed something. A
/// record describes one registry, so it is not copied when the image is promoted further.
/// </summary>
public static class PromotionReferrer
{
    /// <summary>The artifact type of the referrer, and the media type of the record in it.</summary>
    public const string ArtifactType = "application/vnd.gantry.promotion.v1+json";

    private const string EnvironmentAnnotation = "vnd.gantry.promotion.environment";
    private const string RegionAnnotation = "vnd.gantry.promotion.region";

    /// <summary>Finds the records of an environment beside an image, the latest first.</summary>
    /// <param name="image">The repository of the image in the environment's registry.</param>
    /// <param name="digest">The image.</param>
    /// <param name="environment">The environment; others may use the same registry.</param>
    /// <param name="region">The region of the environment; null when it has none.</param>
    /// <param name="version">The version of the release; null for all versions of this image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN4045</c>, <c>GAN4046</c>: a record of the environment cannot be read.</exception>
    public static async Task<IReadOnlyList<PromotionRecord>> FindAsync(
        IImageRepository image, Digest digest, string environment, string? region, string? version, CancellationToken cancellationToken)
    {
        var records = new List<PromotionRecord>();
        foreach (var referrer in await ListCandidatesAsync(image, digest, environment, region, cancellationToken))
        {
            if (MayBeOf(referrer, version)
                && await ReadAsync(image, referrer, digest, cancellationToken) is { } record
                && IsOf(record, digest, environment, region) && (version ?? record.Version) == record.Version)
                records.Add(record);
        }

        // Within the same second, the record of the hosts is the later one.
        return [.. records.OrderByDescending(record => record.Promoted).ThenByDescending(record => record.Hosts is not null)];
    }

    /// <summary>
    /// Lists version and time of each promotion of an image to an environment. Reads a record only when the registry does not list its
    /// annotations.
    /// </summary>
    internal static async Task<IReadOnlyList<PromotionEntry>> ListAsync(
        IImageRepository image, Digest digest, string environment, string? region, CancellationToken cancellationToken)
    {
        var entries = new List<PromotionEntry>();
        foreach (var referrer in await ListCandidatesAsync(image, digest, environment, region, cancellationToken))
        {
            if (referrer.Annotations is { } annotations
                && annotations.TryGetValue(RecordArtifact.VersionAnnotation, out var version)
                && DateTimeOffset.TryParse(
                    annotations.GetValueOrDefault(RecordArtifact.CreatedAnnotation), CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal, out var promoted))
                entries.Add(new PromotionEntry(version, promoted));
            else if (await ReadAsync(image, referrer, digest, cancellationToken) is { } record && IsOf(record, digest, environment, region))
                entries.Add(new PromotionEntry(record.Version, record.Promoted));
        }

        return entries;
    }

    /// <summary>Creates the referrer that holds a record; the same record gives the same bytes.</summary>
    internal static (ManifestContent Manifest, byte[] Json) Create(PromotionRecord record, Descriptor subject)
    {
        var json = record.ToJson();
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [RecordArtifact.CreatedAnnotation] = Format.Rfc3339(record.Promoted),
            [RecordArtifact.VersionAnnotation] = record.Version,
            [EnvironmentAnnotation] = record.Environment,
        };
        if (record.Region is { } region)
            annotations[RegionAnnotation] = region;
        return (RecordArtifact.Create(ArtifactType, json, subject, annotations), json);
    }

    /// <summary>Stores a record beside an existing image.</summary>
    internal static Task PutAsync(IImageRepository image, PromotionRecord record, Descriptor subject, CancellationToken cancellationToken)
    {
        var (manifest, json) = Create(record, subject);
        return RecordArtifact.PutAsync(image, manifest, json, cancellationToken);
    }

    // Registries may omit annotations from the list; when they return them, the records of other environments need not be read.
    private static async Task<IEnumerable<Descriptor>> ListCandidatesAsync(
        IImageRepository image, Digest digest, string environment, string? region, CancellationToken cancellationToken) =>
        (await image.ListReferrersAsync(digest, cancellationToken))
            .DistinctBy(referrer => referrer.Digest)
            .Where(referrer => referrer.ArtifactType == ArtifactType
                && (referrer.Annotations is not { Count: > 0 } annotations
                    || (annotations.GetValueOrDefault(EnvironmentAnnotation) == environment
                        && annotations.GetValueOrDefault(RegionAnnotation) == region)));

    private static bool MayBeOf(Descriptor referrer, string? version) =>
        version is null || (referrer.Annotations?.GetValueOrDefault(RecordArtifact.VersionAnnotation) ?? version) == version;

    private static bool IsOf(PromotionRecord record, Digest digest, string environment, string? region) =>
        record.Digest == digest && record.Environment == environment && record.Region == region;

    private static Task<PromotionRecord?> ReadAsync(
        IImageRepository image, Descriptor referrer, Digest subject, CancellationToken cancellationToken) =>
        RecordArtifact.ReadAsync(
            image,
            referrer,
            ArtifactType,
            subject,
            PromotionRecord.MaximumSize,
            (json, origin) => PromotionRecord.Read(json, origin),
            (origin, fault) => PromotionErrors.MalformedPromotion(origin, fault),
            cancellationToken);
}

/// <summary>A promotion, as it appears in the list of referrers.</summary>
/// <param name="Version">The version of the release.</param>
/// <param name="Promoted">The time of the promotion.</param>
internal sealed record PromotionEntry(string Version, DateTimeOffset Promoted);
