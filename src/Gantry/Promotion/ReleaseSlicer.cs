using Gantry.Copying;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Splits the images of a release into slices of about the same size. Sizes and digests come from the manifests in the base registry, which
/// the digests of the release determine: every machine finds the same split, at any time.
/// </summary>
/// <param name="registries">The client that opens registries.</param>
internal sealed class ReleaseSlicer(IRegistryClient registries)
{
    /// <summary>Returns the request with the images of its slice only; the request itself when it has none.</summary>
    public async Task<PromotionRequest> TakeAsync(PromotionRequest request, CancellationToken cancellationToken)
    {
        if (request.Slice is not { } slice)
            return request;

        var release = request.Release;
        var read = await Concurrently.SelectAsync(
            release.Images, (image, token) => ReadAsync(request, image, token), cancellationToken);
        var mine = Split([.. read.Select(image => (image.Image, image.Bytes))], slice.Count)[slice.Number - 1];
        return request with
        {
            // What was read is not read again.
            Release = release with
            {
                Images = mine,
                BaseManifests = read.DistinctBy(image => image.Location).ToDictionary(image => image.Location, image => image.Root),
            },
        };
    }

    /// <summary>
    /// Splits images: the largest first, each to the slice that has the fewest bytes so far. The largest slice then has at most a third
    /// more bytes than in the best of all splits. Images of a slice are in the order of the release.
    /// </summary>
    /// <param name="images">The images and their bytes, in the order of the release.</param>
    /// <param name="count">The number of slices.</param>
    public static IReadOnlyList<IReadOnlyList<ReleaseImage>> Split(IReadOnlyList<(ReleaseImage Image, decimal Bytes)> images, int count)
    {
        var slices = Enumerable.Range(0, count).Select(_ => new Slice()).ToList();
        foreach (var (image, bytes) in images
            .OrderByDescending(image => image.Bytes)
            .ThenBy(image => image.Image.Digest.ToString(), StringComparer.Ordinal)
            .ThenBy(image => image.Image.Name, StringComparer.Ordinal))
        {
            var smallest = slices.OrderBy(slice => slice.Bytes).ThenBy(slice => slice.Images.Count).First();
            smallest.Images.Add(image);
            smallest.Bytes += bytes;
        }

        return [.. slices.Select(slice => images.Select(image => image.Image).Where(slice.Images.Contains).ToList())];
    }

    private sealed class Slice
    {
        public HashSet<ReleaseImage> Images { get; } = new(ReferenceEqualityComparer.Instance);

        // Sizes are what manifests say: their sum may be more than a long holds.
        public decimal Bytes { get; set; }
    }

    private async Task<(ReleaseImage Image, string Location, ManifestContent Root, decimal Bytes)> ReadAsync(
        PromotionRequest request, ReleaseImage image, CancellationToken cancellationToken)
    {
        var source = new ImageSource(registries.Open(request.Base, image.Name), request.Options);
        var location = source.Repository.Location;
        var found = request.Release.BaseManifests.GetValueOrDefault(location);
        var root = found?.Descriptor.Digest == image.Digest
            ? found
            : await BaseTags.RequireBaseTagAsync(source.Repository, request.Release.Tag, image.Digest, cancellationToken);
        var graph = await source.ReadAsync(root, cancellationToken);
        return (image, location, root, graph.Blobs.Sum(blob => (decimal)blob.Size));
    }
}
