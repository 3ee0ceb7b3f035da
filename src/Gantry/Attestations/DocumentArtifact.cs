using System.Globalization;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Attestations;

/// <summary>
/// Stores small JSON documents beside images, each as an artifact that refers to its image, so the image's digest leads to it.
/// </summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage">
/// OCI image-spec 1.1.1, artifact usage
/// </seealso>
internal static class DocumentArtifact
{
    public const string CreatedAnnotation = "org.opencontainers.image.created";
    public const string VersionAnnotation = "org.opencontainers.image.version";

    private static readonly string[] s_times = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'"];

    /// <summary>Creates the artifact that holds a record; the same record gives the same bytes.</summary>
    /// <param name="artifactType">The type of the artifact.</param>
    /// <param name="record">The record.</param>
    /// <param name="subject">The image.</param>
    /// <param name="annotations">The annotations, which a list of referrers contains without the record being read.</param>
    /// <param name="mediaType">The media type of the record; null for that of the artifact.</param>
    public static ManifestContent Create(
        string artifactType, ReadOnlySpan<byte> record, Descriptor subject, SortedDictionary<string, string> annotations,
        string? mediaType = null) =>
        ManifestContent.Create(new Manifest
        {
            MediaType = MediaTypes.OciManifest,
            ArtifactType = artifactType,
            Config = WellKnownBlobs.Empty,
            Layers = [new Descriptor { MediaType = mediaType ?? artifactType, Digest = Digest.Of(record), Size = record.Length }],
            Subject = new Descriptor { MediaType = subject.MediaType, Digest = subject.Digest, Size = subject.Size },
            Annotations = annotations,
        });

    /// <summary>Stores the artifact beside an existing image.</summary>
    public static async Task PutAsync(IImageRepository image, ManifestContent manifest, byte[] record, CancellationToken cancellationToken)
    {
        var document = manifest.ReadManifest();
        await image.EnsureReferrersAreKeptAsync(document.Subject!.Digest, isThere: true, cancellationToken);
        await image.PutBlobAsync(document.Config, _ => Task.FromResult(WellKnownBlobs.OpenEmpty()), cancellationToken);
        await image.PutBlobAsync(
            document.Layers[0], _ => Task.FromResult<Stream>(new MemoryStream(record, writable: false)), cancellationToken);
        await image.PutManifestAsync(manifest, cancellationToken);
    }

    /// <summary>Reads the record in an artifact; returns null when it does not exist, or has another subject or content.</summary>
    /// <param name="image">The repository.</param>
    /// <param name="referrer">The artifact.</param>
    /// <param name="artifactType">The expected artifact type.</param>
    /// <param name="subject">The expected subject.</param>
    /// <param name="maximumSize">The maximum size of a record that is read, in bytes.</param>
    /// <param name="read">Parses the record; the second argument is its name in errors.</param>
    /// <param name="malformed">Creates the error for a record that is too large.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<T?> ReadAsync<T>(
        IImageRepository image,
        Descriptor referrer,
        string artifactType,
        Digest subject,
        int maximumSize,
        Func<byte[], string, T> read,
        Func<string, string, GantryException> malformed,
        CancellationToken cancellationToken)
        where T : class
    {
        return await image.FindManifestAsync(referrer.Digest, cancellationToken) is { } content
            ? await ReadAsync(image, content, artifactType, subject, maximumSize, read, malformed, cancellationToken)
            : null;
    }

    /// <summary>
    /// Reads the document in an artifact whose manifest was read before; returns null when it has another subject or content.
    /// </summary>
    public static async Task<T?> ReadAsync<T>(
        IImageRepository image,
        ManifestContent content,
        string artifactType,
        Digest subject,
        int maximumSize,
        Func<byte[], string, T> read,
        Func<string, string, GantryException> malformed,
        CancellationToken cancellationToken)
        where T : class
    {
        if (content.IsIndex)
            return null;

        var origin = Origin(image, content.Descriptor);
        var manifest = content.ReadManifest();
        if (manifest.Subject?.Digest != subject || manifest.Layers is not [var layer] || layer.MediaType != artifactType)
            return null;
        if (layer.Size < 0 || layer.Size > maximumSize)
            throw malformed(origin, $"it has {Format.Count(layer.Size, "byte")}");

        return read(await image.ReadBlobAsync(layer, cancellationToken), origin);
    }

    /// <summary>Returns the name of an artifact in errors: its digest, and the repository.</summary>
    public static string Origin(IImageRepository image, Descriptor artifact) => $"{artifact.Digest} in {image.Location}";

    /// <summary>Returns the current time, to the second, as records store it.</summary>
    public static DateTimeOffset Now(TimeProvider time) => ToSecond(time.GetUtcNow());

    /// <summary>
    /// Returns the current time, to the millisecond, as records store it whose order matters: several may be of the same second.
    /// </summary>
    public static DateTimeOffset PreciseNow(TimeProvider time) => Truncate(time.GetUtcNow(), TimeSpan.TicksPerMillisecond);

    /// <summary>
    /// Returns the time of a record that follows another one. Clocks of machines differ, so the earlier one may be dated after now.
    /// </summary>
    /// <param name="latest">The time of the record before; null when there is none.</param>
    /// <param name="now">The present time.</param>
    public static DateTimeOffset After(DateTimeOffset? latest, DateTimeOffset now) =>
        latest is { } before && before >= now ? before + TimeSpan.FromMilliseconds(1) : now;

    /// <summary>Formats the time of a record, in UTC: to the second where it has no fraction, as earlier versions wrote it.</summary>
    public static string FormatTime(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Parses what <see cref="FormatTime"/> returns; null for anything else.</summary>
    public static DateTimeOffset? ParseTime(string text) =>
        DateTimeOffset.TryParseExact(text, s_times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    /// <summary>Truncates a time to the second.</summary>
    public static DateTimeOffset ToSecond(DateTimeOffset time) => Truncate(time, TimeSpan.TicksPerSecond);

    private static DateTimeOffset Truncate(DateTimeOffset time, long ticks) => new(time.UtcTicks / ticks * ticks, TimeSpan.Zero);
}
