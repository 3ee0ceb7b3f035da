using System.Text.Json;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Images.Comparison;

/// <summary>
/// Finds out in what two images differ: which platform, layer, file and property, as diffoscope does for files. Layers are read as streams,
/// so memory is used for the names of their files, and for no content.
/// </summary>
/// <param name="options">The options; null for the defaults.</param>
public sealed class ImageComparer(ImageComparerOptions? options = null)
{
    private static readonly string[] OfLayers = ["config", "layers", "manifests"];

    private readonly ImageComparerOptions _options = options ?? new ImageComparerOptions();

    /// <summary>
    /// Compares two images. Images with the same digest are the same, and nothing of them is read. Throws <c>GAN3040</c> when one of them
    /// is not in its repository, <c>GAN3041</c> when it is malformed, <c>GAN3042</c> when it exceeds a limit, and the errors of registries.
    /// </summary>
    /// <param name="expected">The image as it should be.</param>
    /// <param name="actual">The other image.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ImageComparison> CompareAsync(ComparedImage expected, ComparedImage actual, CancellationToken cancellationToken)
    {
        var result = new ImageComparison { Expected = expected.Digest, Actual = actual.Digest };
        if (result.IsSame)
            return result;
        var differences = new List<ImageDifference>();
        await CompareRootsAsync(
            await FindAsync(expected, cancellationToken), await FindAsync(actual, cancellationToken), differences, cancellationToken);
        return result with
        {
            Differences = [.. differences.Take(_options.MaximumDifferences)],
            IsTruncated = differences.Count >= _options.MaximumDifferences,
        };
    }

    private async Task CompareRootsAsync(
        Found expected, Found actual, List<ImageDifference> found, CancellationToken cancellationToken)
    {
        if (!expected.Root.IsIndex && !actual.Root.IsIndex)
        {
            await CompareImagesAsync(null, expected, actual, found, cancellationToken);
            return;
        }

        if (expected.Root.IsIndex != actual.Root.IsIndex)
        {
            found.Add(new ImageDifference
            {
                Kind = DifferenceKind.Manifest,
                Expected = expected.Root.IsIndex ? "an index of platforms" : "an image of one platform",
                Actual = actual.Root.IsIndex ? "an index of platforms" : "an image of one platform",
            });
            return;
        }

        await ComparePlatformsAsync(expected, actual, found, cancellationToken);
        if (found.Count == 0)
            AddDocument(DifferenceKind.Manifest, null, Element(expected.Root), Element(actual.Root), OfLayers, found);
        AddFormat(null, before: 0, found);
    }

    private async Task ComparePlatformsAsync(
        Found expected, Found actual, List<ImageDifference> found, CancellationToken cancellationToken)
    {
        var others = actual.Root.ReadIndex().Manifests.ToList();
        foreach (var entry in expected.Root.ReadIndex().Manifests)
        {
            var match = others.Find(other => other.Platform == entry.Platform);
            if (match is null)
            {
                found.Add(new ImageDifference { Kind = DifferenceKind.Missing, Platform = entry.Platform });
                continue;
            }

            others.Remove(match);
            if (match.Digest != entry.Digest && found.Count < _options.MaximumDifferences)
                await CompareImagesAsync(
                    entry.Platform,
                    await FindAsync(new(expected.Repository, entry.Digest), cancellationToken),
                    await FindAsync(new(actual.Repository, match.Digest), cancellationToken),
                    found,
                    cancellationToken);
        }

        found.AddRange(others.Select(other => new ImageDifference { Kind = DifferenceKind.Additional, Platform = other.Platform }));
    }

    private async Task CompareImagesAsync(
        Platform? platform, Found expected, Found actual, List<ImageDifference> found, CancellationToken cancellationToken)
    {
        var before = found.Count;
        var one = await ImageContent.ReadAsync(expected.Repository, expected.Root, cancellationToken);
        var other = await ImageContent.ReadAsync(actual.Repository, actual.Root, cancellationToken);
        foreach (var (layer, otherLayer) in one.Layers.Zip(other.Layers).Where(pair => pair.First.Blob.Digest != pair.Second.Blob.Digest))
        {
            var maximum = _options.MaximumDifferences - found.Count;
            if (maximum <= 0)
                return;
            var comparer = new LayerComparer(layer, otherLayer, _options.MaximumContents);
            found.AddRange((await comparer.CompareAsync(maximum, cancellationToken))
                .Select(difference => difference with { Platform = platform }));
        }

        AddUnpaired(DifferenceKind.Missing, one.Layers.Skip(other.Layers.Count));
        AddUnpaired(DifferenceKind.Additional, other.Layers.Skip(one.Layers.Count));
        AddDocument(DifferenceKind.Configuration, platform, one.Config, other.Config, ["rootfs"], found);
        if (found.Count == before)
            AddDocument(DifferenceKind.Manifest, platform, one.Manifest, other.Manifest, OfLayers, found);
        AddFormat(platform, before, found);

        void AddUnpaired(DifferenceKind kind, IEnumerable<LayerContent> layers) => found.AddRange(layers.Select(
            layer => new ImageDifference { Kind = kind, Platform = platform, Layer = layer.Name }));
    }

    private void AddDocument(
        DifferenceKind kind, Platform? platform, JsonElement expected, JsonElement actual, string[] skipped, List<ImageDifference> found) =>
        found.AddRange(JsonDifferences.Find(expected, actual, skipped.Contains)
            .Take(Math.Max(0, _options.MaximumDifferences - found.Count))
            .Select(difference => new ImageDifference
            {
                Kind = kind,
                Platform = platform,
                Path = difference.Path,
                Expected = difference.Expected,
                Actual = difference.Actual,
            }));

    // The digests differ, and no value does.
    private static void AddFormat(Platform? platform, int before, List<ImageDifference> found)
    {
        if (found.Count == before)
            found.Add(new ImageDifference { Kind = DifferenceKind.Format, Platform = platform });
    }

    private static JsonElement Element(ManifestContent content) => ImageContent.Element(content.Bytes);

    private static async Task<Found> FindAsync(ComparedImage image, CancellationToken cancellationToken) =>
        new(
            image.Repository,
            await image.Repository.FindManifestAsync(image.Digest, cancellationToken)
                ?? throw ComparisonErrors.Missing(image.Repository.Location, image.Digest));

    private sealed record Found(IImageRepository Repository, ManifestContent Root);
}

/// <summary>An image that is compared.</summary>
/// <param name="Repository">The repository that it is in.</param>
/// <param name="Digest">The digest of its manifest or index.</param>
public sealed record ComparedImage(IImageRepository Repository, Digest Digest);
