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

        var configs = new List<(bool IsCanonical, IReadOnlyDictionary<string, string> Labels)>();
        foreach (var manifest in manifests)
            configs.Add(await ReadConfigAsync(image.Repository, manifest, cancellationToken));
        return new RecordedInputs
        {
            IsBuiltInProcess = configs.TrueForAll(config => config.IsCanonical),
            IsOnStandIn = configs.Exists(config => config.Labels.ContainsKey(StandInLabel.Name)),
            BaseImages = [.. configs.Select(config => BaseImageOf(config.Labels)).OfType<ImageReference>().Distinct()],
            Created = configs.Select(config => Find(config.Labels, StandardLabels.Created)).OfType<string>().FirstOrDefault() is { } time
                && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
                    ? created
                    : null,
            Source = configs.Select(config => Find(config.Labels, "org.opencontainers.image.source")).OfType<string>().FirstOrDefault(),
        };
    }

    private static async Task<ManifestContent> FindAsync(
        IImageRepository repository, Digest digest, CancellationToken cancellationToken) =>
        await repository.FindManifestAsync(digest, cancellationToken) ?? throw ComparisonErrors.Missing(repository.Location, digest);

    private static async Task<(bool IsCanonical, IReadOnlyDictionary<string, string> Labels)> ReadConfigAsync(
        IImageRepository repository, ManifestContent manifest, CancellationToken cancellationToken)
    {
        var (bytes, config) = await ImageContent.ReadConfigAsync(repository, manifest.ReadManifest().Config, cancellationToken);
        var written = JsonSerializer.SerializeToUtf8Bytes(config, ImageConfigJson.Writing.ImageConfig);
        return (bytes.AsSpan().SequenceEqual(written), config.Config?.Labels ?? new Dictionary<string, string>());
    }

    private static ImageReference? BaseImageOf(IReadOnlyDictionary<string, string> labels)
    {
        if (Find(labels, StandardLabels.BaseName) is not { } name || Find(labels, StandardLabels.BaseDigest) is not { } text)
            return null;
        try
        {
            return Digest.TryParse(text, out var digest) && ImageReference.Parse(name) is { Tag: not null } reference
                ? reference.At(digest)
                : null;
        }
        catch (GantryException)
        {
            // Another tool has written it.
            return null;
        }
    }

    private static string? Find(IReadOnlyDictionary<string, string> labels, string name) => labels.GetValueOrDefault(name);
}
