using System.Globalization;
using System.Text.Json;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Differences;

/// <summary>
/// Finds the base image of an image: in the record of its release, in its annotations, or in the provenance beside it. When it was created
/// is in the history of the image, whose first entries are those of its base image.
/// </summary>
internal static class BaseImages
{
    private const string NameAnnotation = "org.opencontainers.image.base.name";
    private const string DigestAnnotation = "org.opencontainers.image.base.digest";

    // The comment of the entries that this library writes after those of the base image.
    private const string BuiltBy = "gantry";

    /// <summary>Finds the reference with its digest; null when there is none, or it is not known.</summary>
    public static async Task<string?> FindAsync(
        ImageToCompare image, ManifestContent root, IReadOnlyList<PlatformImage> platforms, CancellationToken cancellationToken)
    {
        if (image.Recorded is { } recorded)
            return recorded.BaseImage is { } baseImage ? Reference(baseImage.Name, baseImage.Digest?.ToString()) : null;
        var annotations = root.IsIndex ? root.ReadIndex().Annotations : root.ReadManifest().Annotations;
        if (ReadAnnotations(annotations) is { } annotated)
            return annotated;
        if (root.IsIndex && platforms is [var first, ..]
            && ReadAnnotations((await first.ReadManifestAsync(cancellationToken)).Annotations) is { } ofPlatform)
            return ofPlatform;
        return await FindInProvenanceAsync(image.Repository, image.Digest, cancellationToken);
    }

    /// <summary>Finds the time at which the base image was created; null when it is not known.</summary>
    public static DateTimeOffset? FindCreated(JsonElement config)
    {
        if (!config.TryGetProperty("history", out var history) || history.ValueKind != JsonValueKind.Array)
            return null;
        var entries = history.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object).ToList();
        var own = entries.FindIndex(entry => TextOf(entry, "comment") == BuiltBy);
        return own <= 0 ? null : entries.Take(own).Select(entry => TimeOf(TextOf(entry, "created"))).Max();
    }

    private static async Task<string?> FindInProvenanceAsync(
        IImageRepository repository, Digest digest, CancellationToken cancellationToken)
    {
        var referrers = await repository.ListReferrersAsync(digest, cancellationToken);
        var candidates = AttestationReferrer.Candidates(repository, digest, referrers, PredicateTypes.Provenance);
        if (candidates.Count is 0 or > Limits.ComparedSboms)
            return null;
        var found = await AttestationReferrer.ReadAsync(repository, digest, candidates, PredicateTypes.Provenance, cancellationToken);
        return found.Attestations.Where(one => one.Statement.IsAbout(digest)).Select(Read).OfType<string>().FirstOrDefault();
    }

    private static string? Read(Attestation attestation)
    {
        try
        {
            return Provenance.Read(attestation).BaseImages.FirstOrDefault() is { } found
                ? Reference(RepositoryOf(found.Uri), found.Digest?.GetValueOrDefault("sha256") is { } hex ? $"sha256:{hex}" : null)
                : null;
        }
        catch (GantryException)
        {
            // Provenance of another kind names it elsewhere.
            return null;
        }
    }

    // pkg:oci/aspnet@sha256%3A…?repository_url=mcr.microsoft.com%2Fdotnet%2Faspnet
    private static string? RepositoryOf(string? uri)
    {
        const string parameter = "repository_url=";
        return uri?.IndexOf(parameter, StringComparison.Ordinal) is >= 0 and var start
            ? Uri.UnescapeDataString(uri[(start + parameter.Length)..].Split('&')[0])
            : uri;
    }

    private static string? ReadAnnotations(IReadOnlyDictionary<string, string>? annotations) =>
        Reference(annotations?.GetValueOrDefault(NameAnnotation), annotations?.GetValueOrDefault(DigestAnnotation));

    private static string? Reference(string? name, string? digest) => (name, digest) switch
    {
        (null, _) => digest,
        (_, null) => name,
        _ when name.EndsWith($"@{digest}", StringComparison.Ordinal) => name,
        _ => $"{name}@{digest}",
    };

    private static string? TextOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
