using System.Globalization;
using System.Text.Json;
using Gantry.Images.Configuration;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Comparison;

/// <summary>The inputs that an image records of its own build. The digest of the image covers them.</summary>
public sealed record RecordedInputs
{
    /// <summary>
    /// True when <see cref="OciImageBuilder"/> could have written the configurations of all platforms: those of a Docker engine are
    /// formatted in another way.
    /// </summary>
    public required bool IsBuiltInProcess { get; init; }

    /// <summary>True when the base image was assembled from the machine that built the image.</summary>
    public required bool IsOnStandIn { get; init; }

    /// <summary>The base images of all platforms, by their digests; without those that have no tag.</summary>
    public required IReadOnlyList<ImageReference> BaseImages { get; init; }

    /// <summary>The base image of each platform, in the order of the index.</summary>
    public IReadOnlyList<RecordedBaseImage> Platforms { get; init; } = [];

    /// <summary>The release that the image was made from by exchanging its base layers; null when it was built.</summary>
    public RebasedFrom? RebasedFrom { get; init; }

    /// <summary>The time of everything in the image; null when it is not recorded.</summary>
    public required DateTimeOffset? Created { get; init; }

    /// <summary>The address of the sources; null when it is not recorded.</summary>
    public required string? Source { get; init; }

    /// <summary>
    /// Reads the inputs. Throws <c>GAN3040</c> when the image is not in its repository, <c>GAN3041</c> when it is malformed,
    /// <c>GAN3042</c> when it exceeds a limit, and the errors of the registry.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<RecordedInputs> ReadAsync(ComparedImage image, CancellationToken cancellationToken)
    {
        var root = await FindAsync(image.Repository, image.Digest, cancellationToken);
        var manifests = new List<ManifestContent>();
        foreach (var entry in root.IsIndex ? root.ReadIndex().Manifests : [])
            manifests.Add(await FindAsync(image.Repository, entry.Digest, cancellationToken));
        if (!root.IsIndex)
            manifests.Add(root);

        var platforms = new List<PlatformInputs>();
        foreach (var manifest in manifests)
            platforms.Add(await ReadPlatformAsync(image.Repository, manifest, cancellationToken));
        var bases = platforms.Select(platform => platform.Base).ToList();
        return new RecordedInputs
        {
            IsBuiltInProcess = platforms.TrueForAll(platform => platform.IsCanonical),
            IsOnStandIn = bases.Exists(recorded => recorded.Kind == RecordedBaseKind.StandIn),
            BaseImages =
            [
                .. bases.Select(recorded => recorded.Reference).OfType<ImageReference>().Where(one => one.Tag is not null).Distinct(),
            ],
            Platforms = bases,
            RebasedFrom = RebasedFrom.Of(root),
            Created = Texts(StandardLabels.Created).FirstOrDefault() is { } time
                && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
                    ? created
                    : null,
            Source = Texts("org.opencontainers.image.source").FirstOrDefault(),
        };

        IEnumerable<string> Texts(string label) => platforms.Select(platform => Find(platform.Labels, label)).OfType<string>();
    }

    private sealed record PlatformInputs(bool IsCanonical, IReadOnlyDictionary<string, string> Labels, RecordedBaseImage Base);

    private static async Task<ManifestContent> FindAsync(
        IImageRepository repository, Digest digest, CancellationToken cancellationToken) =>
        await repository.FindManifestAsync(digest, cancellationToken) ?? throw ComparisonErrors.Missing(repository.Location, digest);

    private static async Task<PlatformInputs> ReadPlatformAsync(
        IImageRepository repository, ManifestContent manifest, CancellationToken cancellationToken)
    {
        var (bytes, config) = await ImageContent.ReadConfigAsync(repository, manifest.ReadManifest().Config, cancellationToken);
        var written = JsonSerializer.SerializeToUtf8Bytes(config, ImageConfigJson.Writing.ImageConfig);
        var labels = config.Config?.Labels ?? new Dictionary<string, string>();
        var reference = BaseImageOf(labels);
        var kind = KindOf(config, labels, reference);
        var platform = new Platform
        {
            Os = config.Os,
            Architecture = config.Architecture,
            Variant = string.IsNullOrEmpty(config.Variant) ? null : config.Variant,
        };
        return new PlatformInputs(
            bytes.AsSpan().SequenceEqual(written),
            labels,
            new RecordedBaseImage(
                platform, manifest.Descriptor.Digest, kind, kind == RecordedBaseKind.Recorded ? reference : null));
    }

    private static RecordedBaseKind KindOf(ImageConfig config, IReadOnlyDictionary<string, string> labels, ImageReference? reference)
    {
        if (labels.ContainsKey(StandInLabel.Name))
            return RecordedBaseKind.StandIn;
        if (reference is not null)
            return RecordedBaseKind.Recorded;
        return IsFromScratch(config) ? RecordedBaseKind.Scratch : RecordedBaseKind.Unknown;
    }

    // The builder here records each base image that it builds on.
    private static bool IsFromScratch(ImageConfig config) =>
        config.History is { Count: > 0 } history && history.All(entry => entry.Comment == ImageHistory.BuiltBy);

    /// <summary>Returns the base image that the labels of an image name, with its digest; null when they name none.</summary>
    internal static ImageReference? BaseImageOf(IReadOnlyDictionary<string, string> labels)
    {
        if (Find(labels, StandardLabels.BaseName) is not { } name || Find(labels, StandardLabels.BaseDigest) is not { } text)
            return null;
        try
        {
            return Digest.TryParse(text, out var digest) ? ImageReference.ParseRepository(name).At(digest) : null;
        }
        catch (GantryException)
        {
            // Another tool has written it.
            return null;
        }
    }

    private static string? Find(IReadOnlyDictionary<string, string> labels, string name) => labels.GetValueOrDefault(name);
}
