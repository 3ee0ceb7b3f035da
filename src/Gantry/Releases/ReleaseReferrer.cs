using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Releases;

/// <summary>Stores release records beside images: one referrer for each image of the release, so the image's digest leads to it.</summary>
internal static class ReleaseReferrer
{
    /// <summary>The artifact type of the referrer, and the media type of the record in it.</summary>
    public const string ArtifactType = "application/vnd.gantry.release.v1+json";

    /// <summary>
    /// Lists the records beside an image: those of one version, or those of every version when it is null. Throws <c>GAN4011</c> when
    /// there are more than a build writes.
    /// </summary>
    public static async Task<IReadOnlyList<FoundRelease>> ListAsync(
        IImageRepository image, Digest digest, string? version, CancellationToken cancellationToken)
    {
        var referrers = (await image.ListReferrersAsync(digest, cancellationToken))
            .Where(MayBeRecord)
            .DistinctBy(referrer => referrer.Digest)
            .OrderBy(referrer => referrer.Digest.ToString(), StringComparer.Ordinal)
            .ToList();
        if (referrers.Count > Limits.ReleaseRecords)
            throw ReleaseErrors.MalformedRelease(
                $"of {digest} in {image.Location}", $"there are {referrers.Count} of them, and at most {Limits.ReleaseRecords} are read");

        var records = new List<FoundRelease>();
        foreach (var referrer in referrers)
        {
            if (await ReadAsync(image, referrer, digest, cancellationToken) is { Release: var release } record
                && (version ?? release.Version) == release.Version && release.Images.Any(ofRelease => ofRelease.Digest == digest))
                records.Add(record);
        }

        return records;

        // Registries may omit annotations from the list; when they return them, other versions need not be read.
        bool MayBeRecord(Descriptor referrer) =>
            referrer.ArtifactType == ArtifactType
            && (version is null || (referrer.Annotations?.GetValueOrDefault(DocumentArtifact.VersionAnnotation) ?? version) == version);
    }

    /// <summary>Stores the record beside an existing image.</summary>
    internal static Task PutAsync(IImageRepository image, Release release, Descriptor subject, CancellationToken cancellationToken)
    {
        var (manifest, record) = Create(release, subject);
        return DocumentArtifact.PutAsync(image, manifest, record, cancellationToken);
    }

    /// <summary>
    /// Creates the referrer that holds the record of a release beside one of its images; the same release gives the same bytes.
    /// </summary>
    internal static (ManifestContent Manifest, byte[] Record) Create(Release release, Descriptor subject)
    {
        var record = ReleaseRecord.Write(release);
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [DocumentArtifact.CreatedAnnotation] = Format.Rfc3339(release.Created),
            ["org.opencontainers.image.revision"] = release.Commit,
            [DocumentArtifact.VersionAnnotation] = release.Version,
        };
        return (DocumentArtifact.Create(ArtifactType, record, subject, annotations), record);
    }

    private static Task<FoundRelease?> ReadAsync(
        IImageRepository image, Descriptor referrer, Digest subject, CancellationToken cancellationToken) =>
        DocumentArtifact.ReadAsync(
            image,
            referrer,
            ArtifactType,
            subject,
            ReleaseRecord.MaximumSize,
            (record, origin) => new FoundRelease(ReleaseRecord.Read(record, origin), origin),
            (origin, fault) => ReleaseErrors.MalformedRelease(origin, fault),
            cancellationToken);
}
