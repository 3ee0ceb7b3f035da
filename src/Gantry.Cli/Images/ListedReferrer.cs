using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli.Images;

/// <summary>A referrer, as a registry lists it: anyone who may write there can have written it.</summary>
/// <param name="Descriptor">The manifest.</param>
/// <param name="Subject">The manifest that it refers to.</param>
internal sealed record ListedReferrer(Descriptor Descriptor, Digest Subject)
{
    private const string CreatedAnnotation = "org.opencontainers.image.created";
    private const string PredicateAnnotation = "dev.sigstore.bundle.predicateType";

    /// <summary>The type of the statement in a signed bundle; null for anything else, or when the registry does not list it.</summary>
    public string? PredicateType => Descriptor.Annotations?.GetValueOrDefault(PredicateAnnotation);

    /// <summary>The most telling type.</summary>
    public string Kind => PredicateType ?? Descriptor.ArtifactType ?? Descriptor.MediaType;

    /// <summary>The time of its creation; null when it is not listed.</summary>
    public DateTimeOffset? Created => ImageConfiguration.ParseTime(Descriptor.Annotations?.GetValueOrDefault(CreatedAnnotation));

    /// <summary>Returns true when a type contains a text.</summary>
    public bool Is(string type) => new[] { PredicateType, Descriptor.ArtifactType, Descriptor.MediaType }
        .Any(each => each?.Contains(type, StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Lists the referrers of an image, the oldest first; with nested ones each directly below what it refers to.</summary>
    public static async Task<IReadOnlyList<ListedReferrer>> ReadAsync(
        IImageRepository repository, ManifestContent image, bool nested, CancellationToken cancellationToken)
    {
        var seen = new HashSet<Digest>();
        var rows = new List<ListedReferrer>();
        await AddAsync(image.Descriptor.Digest, depth: 0);
        if (nested && image.IsIndex)
        {
            foreach (var entry in image.ReadIndex().Manifests)
                await AddAsync(entry.Digest, depth: 0);
        }

        return rows;

        async Task AddAsync(Digest subject, int depth)
        {
            if (!seen.Add(subject) || depth == Limits.ReferrerDepth)
                return;
            if (seen.Count > Limits.ImageManifests)
                throw CliErrors.TooManyReferrers(repository.Location, image.Descriptor.Digest, Limits.ImageManifests);
            var listed = await repository.ListReferrersAsync(subject, cancellationToken);
            foreach (var referrer in listed
                .DistinctBy(each => each.Digest)
                .Select(each => new ListedReferrer(each, subject))
                .OrderBy(each => each.Created ?? DateTimeOffset.MinValue)
                .ThenBy(each => each.Descriptor.Digest.ToString(), StringComparer.Ordinal))
            {
                rows.Add(referrer);
                if (nested)
                    await AddAsync(referrer.Descriptor.Digest, depth + 1);
            }
        }
    }
}
