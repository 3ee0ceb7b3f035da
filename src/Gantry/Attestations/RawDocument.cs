using System.Globalization;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Attestations;

/// <summary>A document that is attached to an image as it is, unsigned: an artifact with one layer of the type of the artifact.</summary>
/// <param name="Origin">The name for people: the digest of the manifest, and the repository.</param>
/// <param name="Bytes">The document; null when it cannot be read.</param>
/// <param name="Fault">The reason why it cannot be read.</param>
/// <param name="Created">The time that its manifest names.</param>
internal sealed record RawDocument(string Origin, ReadOnlyMemory<byte>? Bytes, string? Fault, DateTimeOffset? Created)
{
    /// <summary>
    /// Finds the documents of one type beside an image. Throws <c>GAN4209</c> when there are too many, and the errors of the registry.
    /// </summary>
    public static async Task<IReadOnlyList<RawDocument>> FindAsync(
        IImageRepository image, Digest digest, string mediaType, CancellationToken cancellationToken)
    {
        var candidates = Candidates(await image.ListReferrersAsync(digest, cancellationToken), mediaType);
        if (candidates.Count > Limits.Attestations)
            throw AttestationErrors.TooMany(image.Location, digest, candidates.Count);
        var read = await Concurrently.SelectAsync(
            candidates, (candidate, token) => ReadAsync(image, digest, candidate, mediaType, token), cancellationToken);
        return [.. read.OfType<RawDocument>()];
    }

    /// <summary>Selects those referrers that may be documents of one type: lists of other tools name no type.</summary>
    public static IReadOnlyList<Descriptor> Candidates(IEnumerable<Descriptor> referrers, string mediaType) =>
    [
        .. referrers
            .Where(referrer => referrer.ArtifactType is null or MediaTypes.OciEmpty || referrer.ArtifactType == mediaType)
            .DistinctBy(referrer => referrer.Digest),
    ];

    /// <summary>Reads a candidate; returns null when it is not there, or of another type.</summary>
    public static async Task<RawDocument?> ReadAsync(
        IImageRepository image, Digest digest, Descriptor candidate, string mediaType, CancellationToken cancellationToken)
    {
        var origin = DocumentArtifact.Origin(image, candidate);
        DateTimeOffset? created = null;
        try
        {
            if (await image.FindManifestAsync(candidate.Digest, cancellationToken) is not { IsIndex: false } content)
                return null;
            var manifest = content.ReadManifest();
            if (manifest.Subject?.Digest != digest || (manifest.ArtifactType ?? manifest.Config.MediaType) != mediaType)
                return null;
            created = TimeOf(manifest.Annotations?.GetValueOrDefault(DocumentArtifact.CreatedAnnotation));
            if (manifest.Layers is not [var layer] || layer.MediaType != mediaType)
                return new RawDocument(origin, null, "it is not one document of its type", created);
            if (layer.Size is < 0 or > Limits.AttestationBytes)
                return new RawDocument(origin, null, $"it has {Format.Count(layer.Size, "byte")}", created);
            return new RawDocument(origin, await image.ReadBlobAsync(layer, cancellationToken), null, created);
        }
        catch (GantryException error) when (error.Kind == ErrorKind.Other)
        {
            return new RawDocument(origin, null, error.Problem, created);
        }
    }

    private static DateTimeOffset? TimeOf(string? text) =>
        text is not null && text.EndsWith('Z')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
