using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Releases;

/// <summary>Stores release records beside images: one referrer for each image of the release, so the image's digest leads to it.</summary>
internal static class ReleaseReferrer
{
    /// <summary>The artifact type of the referrer, and the media type of the record in it.</summary>
    public const string ArtifactType = "application/vnd.gantry.release.v1+json";

    /// <summary>
    /// Finds the release with a version in a registry: the tag of one of its images gives the digest, and a referrer of that digest is the
    /// record, which names all images. Throws <c>GAN4014</c> when there is no such tag, <c>GAN4015</c> when there is no record.
    /// </summary>
    internal static async Task<(Release Release, ManifestContent Tagged)> FindReleaseAsync(
        IImageRepository image, string version, CancellationToken cancellationToken)
    {
        var tagged = await image.FindManifestAsync(ReleaseTag.Of(version), cancellationToken)
            ?? throw ReleaseErrors.UnknownRelease(version, image.Location);
        var release = await FindAsync(image, tagged.Descriptor.Digest, version, cancellationToken)
            ?? throw ReleaseErrors.ReleaseWithoutRecord(version, image.Location, tagged.Descriptor.Digest);
        return (release, tagged);
    }

    /// <summary>
    /// Finds the record of a version beside an image, the earliest when several builds created the same image; null when there is none.
    /// </summary>
    public static async Task<Release?> FindAsync(IImageRepository image, Digest digest, string version, CancellationToken cancellationToken)
    {
        var records = await ListAsync(image, digest, version, cancellationToken);
        return records.MinBy(release => release.Created);
    }

    /// <summary>Lists all records beside an image, of any version.</summary>
    internal static Task<IReadOnlyList<Release>> ListAsync(IImageRepository image, Digest digest, CancellationToken cancellationToken) =>
        ListAsync(image, digest, version: null, cancellationToken);

    private static async Task<IReadOnlyList<Release>> ListAsync(
        IImageRepository image, Digest digest, string? version, CancellationToken cancellationToken)
    {
        var referrers = await image.ListReferrersAsync(digest, cancellationToken);
        var records = new List<Release>();
        foreach (var referrer in referrers.Where(MayBeRecord).OrderBy(referrer => referrer.Digest.ToString(), StringComparer.Ordinal))
        {
            if (await ReadAsync(image, referrer, digest, cancellationToken) is { } release
                && (version ?? release.Version) == release.Version && release.Images.Any(ofRelease => ofRelease.Digest == digest))
                records.Add(release);
        }

        return records;

        // Registries may omit annotations from the list; when they return them, other versions need not be read.
        bool MayBeRecord(Descriptor referrer) =>
            referrer.ArtifactType == ArtifactType
            && (version is null || (referrer.Annotations?.GetValueOrDefault(RecordArtifact.VersionAnnotation) ?? version) == version);
    }

    /// <summary>Stores the record beside an existing image.</summary>
    internal static Task PutAsync(IImageRepository image, Release release, Descriptor subject, CancellationToken cancellationToken)
    {
        var (manifest, record) = Create(release, subject);
        return RecordArtifact.PutAsync(image, manifest, record, cancellationToken);
    }

    /// <summary>
    /// Creates the referrer that holds the record of a release beside one of its images; the same release gives the same bytes.
    /// </summary>
    internal static (ManifestContent Manifest, byte[] Record) Create(Release release, Descriptor subject)
    {
        var record = ReleaseRecord.Write(release);
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [RecordArtifact.CreatedAnnotation] = Format.Rfc3339(release.Created),
            ["org.opencontainers.image.revision"] = release.Commit,
            [RecordArtifact.VersionAnnotation] = release.Version,
        };
        return (RecordArtifact.Create(ArtifactType, record, subject, annotations), record);
    }

    private static Task<Release?> ReadAsync(
        IImageRepository image, Descriptor referrer, Digest subject, CancellationToken cancellationToken) =>
        RecordArtifact.ReadAsync(
            image,
            referrer,
            ArtifactType,
            subject,
            ReleaseRecord.MaximumSize,
            (record, origin) => ReleaseRecord.Read(record, origin),
            (origin, fault) => ReleaseErrors.MalformedRelease(origin, fault),
            cancellationToken);
}
